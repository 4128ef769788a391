"""Characters that made-up names are put together from; all drawn up for this project."""

import numpy as np
from numpy.typing import NDArray

STEM_FIRST = "安宝碧长朝晨承春翠丹德东恩丰芳福冠光桂海翰和恒宏华怀惠吉嘉金锦景康乐莲龙隆茂明南宁鹏平庆荣瑞润盛顺松泰天同文祥兴星秀旭雅阳宜益永玉裕云泽振正志中紫"  # noqa: E501
STEM_SECOND = "安邦城达德帆枫福谷冠桂海涵豪和弘湖华辉汇佳锦景君康澜乐丽林龙隆茂铭宁鹏屏祺庆泉荣瑞润森尚盛顺泰腾庭桐威湾祥欣轩雅阳怡益盈宇裕源悦云泽州"  # noqa: E501
HOME_SUFFIXES = (
    "花园",
    "苑",
    "雅苑",
    "名苑",
    "华庭",
    "豪庭",
    "家园",
    "公馆",
    "雅居",
    "新居",
    "湾畔",
)
DORMITORY_SUFFIXES = ("公寓", "宿舍区", "人才公寓", "员工宿舍")
WORKS_SUFFIXES = ("工业园", "科技园", "工业区", "产业园", "创新园", "物流园")
OFFICE_SUFFIXES = ("大厦", "商务中心", "广场", "国际中心", "商业大厦")
PUBLIC_SUFFIXES = (
    "小学",
    "幼儿园",
    "社区服务中心",
    "社区健康服务中心",
    "文体中心",
    "中学",
    "市场",
    "图书馆",
)
COMPASS = ("东", "东北", "北", "西北", "西", "西南", "南", "东南")  # from the east, leftwards

# The commonest family names, the most frequent first; frequencies fall off as 1 / (rank + 8).
FAMILY_NAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"  # noqa: E501
GIVEN_MALE = (
    "伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林志国建海文德永家振晓东安泽轩睿"
)
GIVEN_FEMALE = (
    "芳娜敏静秀丽艳娟霞燕玲梅莉婷雪琳慧红英兰云洁倩颖欣怡佳琪梦思雨晓春凤美淑玉珍萍月悦诗涵"
)
TRADES = (
    "电子",
    "科技",
    "贸易",
    "五金",
    "塑胶",
    "物流",
    "服装",
    "餐饮管理",
    "建材",
    "精密模具",
    "包装",
    "实业",
    "信息技术",
    "机电",
    "供应链",
    "文化传播",
)
SHOPS = (
    "便利店",
    "餐馆",
    "理发店",
    "服装店",
    "五金店",
    "早餐店",
    "水果店",
    "维修部",
    "药店",
    "快递站",
    "奶茶店",
    "文具店",
)
INSTITUTIONS = ("服务中心", "学校", "幼儿园", "卫生服务站", "文化站")
SOCIETIES = ("志愿者协会", "商会", "老年协会", "社工服务站", "体育协会")


def stems(count: int, rng: np.random.Generator, taken: tuple[str, ...] = ()) -> list[str]:
    """``count`` two-character stems, different from each other as long as there are any left."""
    pairs = [a + b for a in STEM_FIRST for b in STEM_SECOND if a != b and a + b not in taken]
    drawn: list[str] = []
    while len(drawn) < count:
        drawn += [pairs[i] for i in rng.permutation(len(pairs))[: count - len(drawn)]]
    return drawn


def all_stems() -> NDArray[np.object_]:
    """Every two-character stem, in a fixed order."""
    return np.array([a + b for a in STEM_FIRST for b in STEM_SECOND if a != b], dtype=object)
