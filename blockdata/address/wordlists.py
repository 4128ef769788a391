"""Words of addresses that belong to the language, not to any one district."""

# What an estate's or building's name may lose in speech: 海裕花园 → 海裕. Generic parts (通名) that
# cities' rules for naming buildings and estates define, with the words of use that may stand before
# them, and those that the synthetic district adds. Single characters (苑, 阁) are rarely dropped.
ESTATE_SUFFIXES = (
    "商务中心", "国际中心", "商业中心", "购物中心", "商业大厦", "科技大厦", "商业广场", "人才公寓",
    "员工宿舍", "工业园区", "宿舍区", "工业园", "科技园", "工业区", "产业园", "创新园", "物流园",
    "住宅区", "花园", "花苑", "家园", "庭苑", "庄园", "山庄", "别墅", "公寓", "小区", "大厦",
    "大楼", "商厦", "广场", "中心", "商场", "市场", "公馆", "名苑", "雅苑", "豪庭", "华庭", "雅居",
    "新居", "湾畔",
)  # fmt: skip

# What makes a landmark of the place that is named before it.
LANDMARK_WORDS = (
    "附近", "对面", "斜对面", "正对面", "旁边", "旁", "隔壁", "后面", "前面", "后侧", "左侧",
    "右侧", "附近的", "对面的", "旁边的", "隔壁的", "后面的", "前面的", "对门", "斜对门", "中间",
    "之间",
)  # fmt: skip

# What makes a landmark of the room before it: 501楼上 is another room of that building.
ABOVE_WORDS = ("楼上", "楼下", "上面", "下面", "顶上")

# Storeys that are told by a word, and their codes; those below the ground have one written form.
STOREYS = {f"负{n}层": f"-{n}" for n in range(1, 10)} | {
    "首层": "--1", "夹层": "--2", "天台": "--3", "楼顶": "--3", "顶层": "--3", "顶楼": "--3",
    "地下室": "--4", "架空层": "--5",
}  # fmt: skip

# Where something lies in relation to what is named.
RELATIONS = (
    "路口", "交叉口", "交汇处", "交界处", "交叉处", "十字路口", "以东", "以西", "以南", "以北",
    "方向", "路段", "沿线",
)  # fmt: skip

# What says nothing about which address is meant: gates, what the owners of an estate share, and how
# callers begin.
IGNORED = (
    "地下停车场", "地面停车场", "地下停车库", "停车场", "停车库", "地下车库", "车库", "岗亭",
    "游泳池", "篮球场", "会所", "大堂", "楼梯口", "电梯口", "楼道", "垃圾站",
    "充电桩", "出入口", "出口", "入口", "东门", "西门", "南门", "北门", "正门", "大门", "后门",
    "侧门", "门口", "地下", "地上", "里面", "内", "我在", "我们在", "就在", "住在",
    "位于", "靠近", "这里是", "地址是", "地址", "中国",
)  # fmt: skip

# Characters of a name that a misspelling may not touch: another numeral is another road.
FIXED_CHARACTERS = (
    "零一二三四五六七八九十百千〇两甲乙丙丁东南西北中前后左右上下内外新旧老大小0123456789"
)

# Districts of Shenzhen (GB/T 2260 codes, as in data/gazetteer/divisions.csv.gz) and what their land
# was called before, which people go on writing: Bao'an county until 1993; then Bao'an and Longgang
# districts, out of which new areas were cut from 2007 to 2011, districts themselves since.
FORMER_DISTRICTS = {
    "宝安区": ("宝安县",),  # 440306, once 440321
    "龙岗区": ("宝安县",),  # 440307
    "龙华区": ("龙华新区", "宝安区", "宝安县"),  # 440309, new area 2011, district 2017
    "坪山区": ("坪山新区", "龙岗区", "宝安县"),  # 440310, new area 2009, district 2017
    "光明区": ("光明新区", "宝安区", "宝安县"),  # 440311, new area 2007, district 2018
    "大鹏新区": ("龙岗区", "宝安县"),  # 440312, new area 2011
}
