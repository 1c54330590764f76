"""Others: threads that could change the user's objects while they are captured."""

import threading

_CLASS = type.__dict__["__module__"].__get__
_KNOWN = ("ipykernel", "IPython", "mvlake", "zmq", "jupyter_client", "debugpy", "pydevd")
_NAMES = ("IOPub", "mvlake")
_name = object.__getattribute__


def run_beside() -> bool:
    """True when a thread runs that is neither this one, nor the kernel's, nor ours."""
    if threading.active_count() == 1:
        return False
    here = threading.current_thread()
    return not all(thread is here or _is_known(thread) for thread in threading.enumerate())


def _is_known(thread: threading.Thread) -> bool:
    """True for a thread of the kernel's or of ours, by its class or its name. A user's class may say of itself what it wants."""
    module = _CLASS(type(thread))
    if type(module) is str and module.partition(".")[0] in _KNOWN:
        return True
    name = _name(thread, "_name")
    return type(name) is str and name.startswith(_NAMES)
