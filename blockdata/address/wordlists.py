"""Words of addresses that belong to the language, not to any one district."""

# What an estate's or building's name may lose in speech: 海裕花园 → 海裕.
ESTATE_SUFFIXES = (
    "商务中心", "国际中心", "商业大厦", "商业广场", "人才公寓", "员工宿舍", "工业园区", "宿舍区",
    "工业园", "科技园", "工业区", "产业园", "创新园", "物流园", "科技大厦", "购物中心",
    "花园", "小区", "大厦", "广场", "公寓", "家园", "名苑", "雅苑", "豪庭", "华庭", "山庄", "豪苑",
    "公馆", "雅居", "新居", "湾畔", "中心", "华府", "雅园", "名园", "佳园", "花苑", "嘉园",
    "住宅区",
    "大楼", "商场", "市场", "酒店",
)  # fmt: skip

# Where something lies in relation to what is named.
RELATIONS = (
    "附近", "对面", "旁边", "旁", "斜对面", "后面", "前面", "隔壁", "路口", "交叉口", "交汇处",
    "交界处", "交叉处", "十字路口", "以东", "以西", "以南", "以北", "方向", "路段", "沿线",
)  # fmt: skip

# What says nothing about which address is meant.
IGNORED = (
    "停车场", "停车库", "地下停车场", "地下停车库", "地面停车场", "地下车库", "车库",
    "地库", "车场",
    "出入口", "出口", "入口", "东门", "西门", "南门", "北门", "正门", "大门", "后门", "侧门",
    "门口",
    "楼下", "楼上", "地下", "地上", "内", "里面", "销售", "分场", "居委会", "小区内", "室内",
    "路边",
    "临时", "收费", "我在", "我们在", "就在", "住在", "位于", "靠近", "这里是", "地址是", "地址",
     "公共", "中国",
)  # fmt: skip

# Characters of a name that a misspelling may not touch: another numeral is another road.
FIXED_CHARACTERS = (
    "零一二三四五六七八九十百千〇两甲乙丙丁东南西北中前后左右上下内外新旧老大小0123456789"
)

# Districts that were cut out of another, whose name people go on writing.
FORMER_DISTRICTS = {
    "龙华区": "宝安区",
    "光明区": "宝安区",
    "坪山区": "龙岗区",
    "大鹏新区": "龙岗区",
}
