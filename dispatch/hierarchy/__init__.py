"""Exact travel times over a road network whose costs change: a customizable contraction hierarchy.

``Hierarchy.build`` orders the network once; ``customise`` gives it travel times in a millisecond;
the ``Metric`` so made answers for pairs, tables and whole networks; a ``FleetIndex`` holds a moving
fleet and finds who is nearest. Nothing here knows of storage or of streets: nodes and arcs are
numbers.
"""
