"""Which packages that differ are needed by what the cells import, in two versions of a lake."""

from dataclasses import replace

from mvlake.records.environment import Import


def test_what_an_imported_package_requires_is_needed_and_the_rest_is_not(disk, new_draft):
    for number in (1, 2):
        draft = new_draft(disk, "t", source=f"x = {number}")
        versions = {"pandas": "3.0", "numpy": f"2.{number}", "six": "1.0", "nobody-has-this": f"{number}"}
        environment = replace(draft.environment, packages=versions)
        disk.commit(replace(draft, environment=environment, imports=(Import("python", "3.13"), Import("pandas", "3.0"))))
    packages = {one.name: one for one in disk.compare("t:v1", "t:v2").environment.packages}
    assert {name for name, one in packages.items() if one.is_imported} == {"pandas"}
    assert packages["numpy"].is_needed
    assert not packages["nobody-has-this"].is_needed
    assert not packages["pandas"].is_needed
    assert not any(one.is_needed for one in disk.compare("t:v1", "t:v2", quick=True).environment.packages)
