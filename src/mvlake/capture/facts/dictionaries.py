"""Dictionaries: the exact classes whose items can be read without running anybody's code."""

from collections import OrderedDict, defaultdict

from mvlake.records.kinds import Kinds

DICTIONARIES = Kinds(dict, OrderedDict, defaultdict)
