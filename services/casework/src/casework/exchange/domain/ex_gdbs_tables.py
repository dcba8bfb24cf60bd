"""Guangdong's exchange tables EX_GDBS_* and the fields of the evaluation interface (好差评), as data.

From third-party code, not from the official text: names and labels are known, lengths only as hints (V60! = a column
of sixty that must be filled, in a district's older tables). Rows: `中文名|field|type|code set`.
Source: standards.md §5, §7.
"""

from casework.exchange.domain.fields import Table, read_table

_COMMON = """
申办流水号|SBLSH||
统一申办流水号(短)|SBLSH_SHORT||
事项编码|SXBM||
事项简码|SXBM_SHORT||
事项情形编码|SXQXBM||
业务流水号|YWLSH|V100!|
行政区划代码|XZQHDM|V12!|
分发行政区划代码|F_XZQHDM||
投资项目统一编码|PROJECT_CODE||
组织机构代码|D_ZZJGDM||
数据版本号|VERSION|int|
接收标识|REC_FLAG|int|
业务信息|XML_DATA||
备注|BZ|V2000|
备用字段A|BYZDA||
备用字段B|BYZDB||
备用字段C|BYZDC||
备用字段D|BYZDD||
"""

_PRINTED: tuple[tuple[str, str, str], ...] = (
    (
        "SB",
        "EX_GDBS_SB 申办",
        """
事项名称|SXMC||
父事项编码|FSXBM||
父事项名称|FSXMC||
申请人类型|SQRLX||SQRLX
申请人名称|SQRMC||
申请人证件类型|SQRZJLX||
申请人证件号码|SQRZJHM||
联系人姓名|LXRXM||
联系人证件类型|LXRZJLX||
联系人证件号码|LXRSFZJHM||
联系人手机|LXRSJ||
联系人邮箱|LXRYX||
申办项目名称|SBXMMC||
申办材料清单|SBCLQD||
提交方式|TJFS||TJFS
申办回执号|SBHZH||
申办时间|SBSJ|D|
申办具体网点|SBJTWD||
原申办流水号|YSBLSH||
统一身份认证账号|USERIDCODE||
网上申办渠道|WSSBQD||WSSBQD
出证领取|OBTAIN_PAPER_WAY||CZLQ
材料递交|OBTAIN_DELIVER_WAY||CLDJ
申请人电话|SQRDH||
项目编号|XMHGCBH||
立项批复文号|LXWH||
""",
    ),
    (
        "SBCL",
        "EX_GDBS_SBCL 申办材料",
        """
主键|SEQ||
文件类型|WJLX||WJLX
材料类型|CLLX||CLLX
材料数量|CLSL||
材料名称|CLMC||
事项材料编号|STUFF_SEQ||
附件全称|ATTACH_NAME||
附件ID|ATTACH_ID||
附件类型|ATTACH_TYPE||
附件路径|ATTACH_PATH||
附件摘要|ATTACH_SIGN||
附件流|ATTACH_BODY|BIN|
存储方式|SAVE_TYPE||SAVE
部门组织机构代码|SLBMZZJDDM||
""",
    ),
    (
        "WSYSL",
        "EX_GDBS_WSYSL 网上预受理",
        """
预受理部门名称|YSLBMMC|V400!|
预受理部门组织机构代码|YSLBMZZJGDM|V9!|
办理人姓名|BLRXM|V200!|
办理人工号|BLRGH|V50|
预受理状态代码|YSLZTDM||YSLZTDM
不受理原因|BSLYY|V2000|
补交补正说明|BJBZSM|V2000|
预受理时间|YSLSJ|D|
预受理具体地点|YSLJTDD|V400|
""",
    ),
    (
        "SL",
        "EX_GDBS_SL 受理",
        """
受理部门名称|SLBMMC||
受理部门组织机构代码|SLBMZZJGDM||
办理人姓名|BLRXM||
办理人工号|BLRGH||
受理状态代码|SLZTDM||SLZTDM
不受理原因|BSLYY|V2000|
受理回执号|SLHZH||
受理时间|SLSJ|D|
业务管辖地行政区划代码|GXDXZQHDM||
查询密码|YWCXMM||
行政区划名称|XZQHMC||
办件窗口名称|BJCKMC||
办件窗口编码|BJCKBM||
办件大厅名称|BMDTMC||
办件大厅编码|BJDTBM||
规定办理时限|GDBLSX|int|
规定办理时限单位|GDBLSXDW||SXDW
规定收费|GDSF|V1000!|
受理地点|SLJTDD|V300|
资料清单|SLZLQD|V2000!|
""",
    ),
    (
        "SPCL",
        "EX_GDBS_SPCL 审批",
        """
审批环节代码|SPHJDM||SPHJDM
审批环节名称|SPHJMC||
审批部门名称|SPBMMC||
审批部门组织机构代码|SPBMZZJDMD||
审批人姓名|SPRXM|V60!|
审批人职务代码|SPRZWDM|V5!|
审批人职务名称|SPRZWMC|V50!|
审批意见|SPYJ|V2000!|
审批时间|SPSJ|D|
审批环节状态代码|SPHJZTDM||
审批步骤号|SPBZH|int|
""",
    ),
    (
        "BJGZ",
        "EX_GDBS_BJGZ 补交告知",
        """
序号|XH||
告知发出人姓名|BJGZFCRXM||
告知原因|BJGZYY||
补正材料清单|BJCLQD||
告知材料编码|BQBZCLBM||
告知时间|BJGZSJ|D|
""",
    ),
    (
        "BJSL",
        "EX_GDBS_BJSL 补交受理",
        """
序号|XH||
受理办理人姓名|BJSLBLRXM||
补正材料清单|BJCLQD||
补交时间|BJSJ|D|
受理具体地点|BJSLJTDD||
""",
    ),
    (
        "TBCXSQ",
        "EX_GDBS_TBCXSQ 特别程序申请",
        """
序号|XH||
特别程序种类|TBCXZL||TBCXZL
特别程序种类名称|TBCXZLMC||
开始日期|TBCXKSRQ|D|
批准人|TBCXPZR||
启动理由或依据|TBCXQDLY||
申请内容|SQNR||
时限|TBCXSX|int|
时限单位|TBCXSXDW||SXDW
""",
    ),
    (
        "TBCXJG",
        "EX_GDBS_TBCXJG 特别程序结果",
        """
序号|XH||
结果|TBCXJG||
结果产生日期|JGCSRQ|D|
结束日期|TBCXJSRQ|D|
收费金额|TBCXSFJE|dbl|
金额单位代码|JEDWDM||
""",
    ),
    (
        "BJ",
        "EX_GDBS_BJ 办结",
        """
办结部门名称|BJBMMC||
办结部门组织机构代码|BJBMZZJGDM||
办结结果代码|BJJGDM||BJJGDM
办结结果描述|BJJGMS||
作废或退回原因|ZFHTHYY||
证件或盖章名称|ZJGZMC||
证件编号|ZJBH|V100|
证件有效期限|ZJYXQX|V30|
发证或盖章单位|FZGZDW||
收费金额|SFJE|dbl|
金额单位代码|JEDWDM||
办结时间|BJSJ|D|
""",
    ),
    (
        "LQDJ",
        "EX_GDBS_LQDJ 领证登记",
        """
领取人姓名|LQRXM||
领取人证件类型|LQRZJLX||
领取人证件号码|LQRSFZJHM||
领取方式|LQFS||
领取时间|LQSJ|D|
""",
    ),
)

_EVALUATION = """
地区编码|areaCode||
地区名称|areaName||
部门统一社会信用代码|deptCode||
事项编码|taskCode||
事项名称|taskName||
统一办件编号|projectNo||
受理部门|proDepart||
办件类型|promiseTime||promiseTime
评价渠道|pf||pf
评价人姓名|userName||
评价人类型|userProp||userProp
证件号码|certkeyGOV||
整体满意度|satisfaction||pj5
评价详情|evalDetail||
文字评价|writingEvaluation||
评价时间|assessTime|D|
评价次数|assessNumber||assessNumber
"""


def _unnumbered(key: str, label: str, printed: str) -> Table:
    return read_table(key, label, "\n".join(f"0|{line}" for line in printed.strip().splitlines()))


EX_GDBS_TABLES: tuple[Table, ...] = (
    *(_unnumbered(key, label, _COMMON + text.lstrip("\n")) for key, label, text in _PRINTED),
    _unnumbered("HCP", "好差评评价接口", _EVALUATION),
)
"""Every table begins with the common fields; the evaluation interface has none of them."""
