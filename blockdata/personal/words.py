"""The words that tell a name: what people are called, and what stands before and behind a name."""

# Family names that most people bear (more than nine in ten), and others that are met with. Left out
# where an address is full of the character: 区, 房, 路, 边, 单.
COMMON_FAMILY_NAMES = (
    "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
    "贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷"
    "钱汤尹黎易常武乔贺赖龚文"
)
OTHER_FAMILY_NAMES = (
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐梅莫庄辛管祝左涂谷祁时"
    "舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄包司柏宁柯阮桂闵解"
    "强柴华冉辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅苟全褚廉简娄盖符奚木穆燕郎邸冀谈姬屠郜晏栾郁商蒙"
    "计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽练仲乐虞卞封竺冼麦佘利骆肖闫"
)
LONG_FAMILY_NAMES = (
    "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯",
    "长孙", "端木", "轩辕", "宇文", "申屠",
)  # fmt: skip

# A person's name follows these, and it can be no other word.
SURE_LABELS = (
    "联系人", "收件人", "收货人", "寄件人", "发件人", "报警人", "报案人", "来电人", "求助人",
    "求救人", "举报人", "投诉人", "当事人", "失主", "姓名", "机主", "联络人", "经办人",
    "受害人", "嫌疑人", "监护人", "法定代表人", "法人代表", "签收人", "取件人", "提货人",
    "申请人", "反映人", "诉求人", "承租人", "责任人", "负责人", "拨打人", "被困人",
)  # fmt: skip
# A person's name may follow these.
OTHER_LABELS = (
    "户主", "业主", "房东", "房主", "租户", "租客", "租住人", "住户", "房客", "家属", "患者",
    "病人", "伤者", "老人", "本人", "名字", "楼长", "网格员",
)  # fmt: skip
# These follow a name.
HONORIFICS = (
    "先生", "女士", "小姐", "太太", "阿姨", "大爷", "大妈", "大叔", "大姐", "大哥", "叔叔",
    "奶奶", "爷爷", "婆婆", "伯伯", "师傅", "老师", "医生", "老板", "经理", "同志", "警官",
    "老人家",
)  # fmt: skip

# What names of places end in; a name of a person hardly ever does.
PLACE_ENDS = (
    "路街道巷村社区园苑厦楼栋座室号厂店铺馆院校站坊湾围岗处部所门口市场寺庙塔桥庭府邸局房库档"
    "里头山居厅台"
)
# What names of places and, more rarely, of people end in.
PERHAPS_PLACE_ENDS = "城井湖田岩埔涌河屋塘坑沙洲岛县镇乡"
# What firms, offices and other words end in that begin like a family name.
OTHER_ENDS = "司团行业队会委办谢备回征税验代"
# Words of everyday that begin like a family name.
NO_NAMES = frozenset(
    (
        "管家", "时间", "方便", "高层", "方向", "向前", "向后", "马上", "时候", "万一",
        "常住", "连接", "商户", "计划", "全部", "花费", "简单", "强烈", "成年", "关于",
        "关闭", "严重", "牛肉", "马路", "白天", "白色", "高温", "于是", "安全", "平安",
        "古树", "华为", "温泉", "黄色", "金色", "位于", "经过", "解决", "查看", "都是",
        "都在", "全是", "左边", "左侧", "左转", "高速", "时代", "白云", "金融", "石化",
        "康复", "卫生", "常年", "强行", "谢谢", "管理", "金额", "黄金", "熊猫",
    )
)  # fmt: skip
