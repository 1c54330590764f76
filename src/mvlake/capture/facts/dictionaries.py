"""Dictionaries: the exact classes whose items can be read without running anybody's code."""

from collections import OrderedDict, defaultdict

DICTIONARIES: tuple[type, ...] = (dict, OrderedDict, defaultdict)
