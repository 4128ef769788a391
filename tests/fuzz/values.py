"""Values that nobody expects, by the kind of what is asked for."""

BIG = "1" + "0" * 400
TEXTS = (
    "", " ", "\u3000", "\udcff", "西乡\udce8", "a\0b", "'", '"', "\\", "'; DROP TABLE x; --",
    "%s %(a)s %", "{0} {x}", "$1 :a ::text", "-", "..", "../../etc/passwd", "a\nb", "a\tb",
    "\x1b[31m", "👮\u200d♂️", "\u202e号861", "\ufeff固戍", "\U0010ffff", "e\u0301\u0301",
    "长" * 10_000, "号" * 150, "1" * 300, "٣٤", "１６８号", "nan", "null", "[]", "*", "%", "_",
    "()", "（", "#", "@", "=", "一" * 30 + "号", "号栋单元室", "0", "-1", "9" * 25, "9" * 400,
    "1e309",
)  # fmt: skip
WHOLE_NUMBERS = (
    "-1", "0", "1", "7", "-2147483649", "2147483647", "2147483648", "9007199254740991",
    "9007199254740992", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    BIG, "1.5", "1_0", " 3 ", "٣", "nan", "", "x", "0x10", "\udcff",
)  # fmt: skip
NUMBERS = (
    "nan", "inf", "-inf", "1e308", "-1e308", "1e-320", "0", "-0.0", "-1", "1", "1.0000001", BIG,
    "", "x", "1,5", "٣", "\udcff",
)  # fmt: skip
MOMENTS = (
    "", "now", "0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31",
    "9999-12-31T23:59:59-12:00", "1899-12-31T23:59:59", "1900-01-01T00:00:00-23:59",
    "2199-12-31T23:59:59+23:59", "2199-12-31", "2026-02-30", "2026-W01-1", "2026-03-01T24:00",
    "2026-03-01T08:00:00.1234567", "2026-03-01T08:00Z", "2026-03-01T08:00:00 08:00",
    "1970-01-01", "2026-03-01T08:00+99:99", "1" * 5000, "\udcff",
)  # fmt: skip
POINTS = (
    "", ",", "113.85", "0,0", "180,90", "-180,-90", "181,0", "91,181", "nan,nan", "inf,0",
    "1e400,0", "113.85,22.58,1", "113.85，22.58", "113.85;22.58", "22.58,113.85",
    "113.8466,22.5917", "1_1,2", "１１３.85,22.58", "113.85 , 22.58", "1e-320,1e-320",
    "-0.0,-0.0", "\udcff,1", "x,y",
)  # fmt: skip
SETTINGS = (
    ("PORT", "abc"), ("PORT", "0"), ("PORT", "65536"), ("PORT", BIG), ("LANGUAGE", "fr"),
    ("LANGUAGE", "EN"), ("LANGUAGE", "zh_CN.UTF-8"), ("LANGUAGE", "\udcff"),
    ("LOG_LEVEL", "loud"), ("LOG_LEVEL", "debug"), ("AREA", "!!"), ("AREA", "nowhere"),
    ("AREA", "../.."), ("AREA", "a" * 41), ("PROFILE", "nosuch"), ("PROFILE", "x" * 5000),
    ("PROFILE", "/dev/zero"), ("PROFILE", "/"), ("PROFILE", "\udcff"), ("VAR", "/proc/x"),
    ("VAR", "/dev/null"), ("VAR", "/dev/null/x"), ("VAR", "x" * 5000), ("VAR", "\udcff"),
    ("VAR", "~nobody-of-this-name/x"), ("DATABASE_URL", "foo"), ("DATABASE_URL", "mysql://a"),
    ("DATABASE_URL", "postgresql://h:port/x"), ("DATABASE_URL", "\udcff"),
    ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x"), ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "postgresql://?sslmode=x"), ("HOST", ""), ("HOST", "\udcff"),
    ("REAL_DATA", "/nowhere"), ("CLOCK_SHIFT_S", "soon"), ("CLOCK_SHIFT_S", BIG),
)  # fmt: skip
"""``BLOCKDATA_<name>`` and its value."""
