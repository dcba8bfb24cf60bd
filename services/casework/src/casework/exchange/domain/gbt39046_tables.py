"""Tables 4 to 11 of GB/T 39046-2020 as data: row, Chinese name, field, type as printed, code set.

The standard names its items in Chinese only; the field names are ours. A table that the standard prints as one but
fills with two kinds of rows (material, step, special procedure, complaint) is two tables here. Type C is the form of
table 8's 办结时间, printed YYYYMMDDhh:mm:ss. Source: GB/T 39046-2020.
"""

from casework.exchange.domain.fields import Table, read_table

_PRINTED: tuple[tuple[str, str, str], ...] = (
    (
        "item",
        "表4 事项管理",
        """
1|事项名称|item_name|an..200|
2|基本编码|basic_code|an..10|
3|实施编码|impl_code|an..24|
4|事项类型|item_type_name|an..30|
5|事项类型代码|item_type_code|n2|A.1
6|设定依据|legal_basis|a..1000|
7|行使层级|level_name|an..200|
8|行使层级代码|level_code|n1|A.2
9|权限划分|power_division|a..1000|
10|行使内容|exercise_content|ul|
11|实施主体|impl_org_name|an..100|
12|实施主体代码|impl_org_code|an..18|
13|实施主体性质|impl_org_nature|an..100|
14|实施主体性质代码|impl_org_nature_code|n1|A.3
15|法定办结时限|legal_limit|an..20|
16|法定办结时限单位|legal_limit_unit|an..20|
17|法定办结时限说明|legal_limit_note|ul|
18|承诺办结时限|promised_limit|an..20|
19|承诺办结时限单位|promised_limit_unit|an..20|
20|承诺办结时限说明|promised_limit_note|ul|
21|受理条件|accept_condition|ul|
22|办理流程|process_flow|ul|
23|共同实施部门|joint_org_name|an..100|
24|共同实施部门代码|joint_org_code|an..18|
25|承办机构|handling_org_name|an..100|
26|承办机构代码|handling_org_code|an..18|
27|中介服务|intermediary_service|an..2000|
28|数量限制|quantity_limit|an..200|
29|结果名称|result_name|an..100|
30|结果样本|result_sample|BIN|
31|是否收费|is_charged|n1|1/0
32|收费依据|charge_basis|ul|
33|通办范围代码|cross_region_scope|n1|
34|服务对象|target_name|an..200|
35|服务对象代码|target_code|an..10|A.4
36|服务主题|topic_name|an..200|
37|法人服务主题代码|corp_topic_code|an..10|
38|自然人服务主题代码|person_topic_code|an..10|
39|办理形式|channel_name|an..20|
40|办理形式代码|channel_code|an..10|A.5
41|特别程序|special_procedure|ul|
42|行政管辖|jurisdiction_name|an..20|
43|行政管辖代码|jurisdiction_code|an..10|
44|是否支持预约办理|supports_booking|n1|1/0
45|是否支持网上支付|supports_online_pay|n1|1/0
46|是否支持物流快递|supports_delivery|n1|1/0
47|是否网办|is_online|n1|1/0
48|网办地址|online_url|an..50|
49|运行系统层级|system_level|an..20|
50|办理地点|service_place|an..100|
51|办理时间|service_hours|an..150|
52|咨询方式|consult_way|an..20|
53|咨询电话|consult_phone|an..18|
54|监督电话|supervise_phone|an..18|
55|常见问题|faq|an..1000|
        """,
    ),
    (
        "item_materials",
        "表4 事项管理：申请材料",
        """
56|材料名称|material_name|an..200|
57|出具机构|material_issuer|an..100|
58|出具时间要求|issue_time_req|an..150|
59|材料办理说明|material_obtain_note|an..500|
60|材料办理地点|material_obtain_place|an..400|
61|材料使用说明|material_usage_note|an..500|
62|原件份数|original_copies|N n..2|
63|复印件份数|duplicate_copies|N n..2|
64|是否必备材料|is_required|n1|1/0
        """,
    ),
    (
        "application",
        "表5 办事申请",
        """
1|办件编号|case_no|an..50|
2|实施编码|impl_code|an..24|
3|事项名称|item_name|an..200|
4|办件类型|case_type_name|an..20|
5|办件类型代码|case_type_code|n1|A.6
6|申请者名称|applicant_name|an..100|
7|申请者证件类型代码|applicant_id_type|n3|
8|申请者证件号码|applicant_id_no|an..18|
9|联系人/代理人姓名|contact_name|a..30|
10|联系人/代理人证件类型代码|contact_id_type|n3|
11|联系人/代理人证件号码|contact_id_no|an..18|
12|联系人手机号码|contact_mobile|an..18|
13|邮政编码|postcode|n6|
14|通讯地址|address|an..100|
15|法定代表人|legal_rep|a..30|
16|申报来源代码|source_code|n1|A.5
17|申请时间|applied_at|T|
18|投资项目编号|invest_project_no|an..24|
19|行政区划|region_code|n..9|
        """,
    ),
    (
        "application_materials",
        "表5 办事申请：收取材料",
        """
20|办件编号|case_no|an..20|
21|材料名称|material_name|an..200|
22|是否收取|is_collected|n1|1/0
23|收取方式|collect_way|an..20|
24|收取数量|collect_count|n..2|
25|收取时间|collected_at|T|
26|附件实体|attachment|BIN|
        """,
    ),
    (
        "acceptance",
        "表6 事项受理",
        """
1|办件编号|case_no|an..50|
2|基本编码|basic_code|an..10|
3|实施编码|impl_code|an..24|
4|事项名称|item_name|an..200|
5|受理单位名称|accept_org_name|an..100|
6|受理单位统一社会信用代码|accept_org_code|an..18|
7|受理人员|accepted_by|an..30|
8|受理时间|accepted_at|T|
9|受理文书编号|accept_doc_no|an..30|
10|承诺办结时间|promised_finish|an..20|
11|办件类型|case_type_name|an..20|
12|办件类型代码|case_type_code|n1|A.6
13|行政区划|region_code|n..9|
        """,
    ),
    (
        "steps",
        "表7 事项办理：环节",
        """
1|办件编号|case_no|an..50|
2|业务动作|action|an..20|
3|环节名称|step_name|an..100|
4|环节处理人|step_handler|a..30|
5|环节处理意见|step_opinion|an..1000|
6|环节开始时间|step_started_at|T|
7|环节结束时间|step_ended_at|T|
8|处理单位名称|step_org_name|an..100|
9|处理单位统一社会信用代码|step_org_code|an..18|
10|环节办理状态代码|step_status|n1|step
        """,
    ),
    (
        "special_procedures",
        "表7 事项办理：特别程序",
        """
11|特别程序种类名称|special_name|an..100|
12|特别程序种类代码|special_code|n1|A.7
13|特别程序开始时间|special_started_at|T|
14|特别程序启动理由或依据|special_reason|ul|
15|申请人|special_applicant|a..30|
16|特别程序结束时间|special_ended_at|T|
17|特别程序结果|special_result|ul|
18|特别程序办理意见|special_opinion|ul|
19|办理单位名称|handle_org_name|an..100|
20|办理单位统一社会信用代码|handle_org_code|an..18|
21|办理人|handled_by|a..30|
        """,
    ),
    (
        "closing",
        "表8 事项办结",
        """
1|办件编号|case_no|an..50|
2|办理人姓名|handled_by|a..30|
3|办结时间|closed_at|C|
4|结果证照名称|cert_name|an..200|
5|结果证照编号|cert_no|an..50|
6|办件结果描述|result_desc|an..1000|
7|证照有效期限|cert_validity|an..30|
8|发证/盖章单位|cert_issuer|an..100|
9|行政区划|region_code|n..9|
10|是否快递寄送结果|result_by_courier|n1|1/0
11|是否收费|is_charged|n1|1/0
        """,
    ),
    (
        "evaluations",
        "表9 政务服务绩效评价",
        """
1|办件编号|case_no|an..50|
2|评价渠道|eval_channel|an..50|
3|评价人|evaluator|a..30|
4|评价时间|evaluated_at|T|
5|评价次数|eval_count|N n..2|
6|满意度|satisfaction_name|an..20|
7|满意度代码|satisfaction_code|n1|A.8
8|文字评价|eval_text|ul|
9|行政区划|region_code|n..9|
        """,
    ),
    (
        "consultations",
        "表10 办事互动：咨询",
        """
1|咨询编码|consult_no|an..50|
2|咨询人|consult_by|a..30|
3|咨询标题|consult_title|an..200|
4|咨询内容|consult_content|ul|
5|咨询时间|consulted_at|T|
6|处理时间|handled_at|T|
7|处理人|handled_by|a..30|
8|处理意见|reply|ul|
9|延期时限|extend_limit|an..20|
10|延期原因|extend_reason|ul|
11|超期天数|overdue_days|N n..3|
12|行政区划|region_code|n..9|
        """,
    ),
    (
        "complaints",
        "表10 办事互动：投诉",
        """
13|投诉标题|complaint_title|an..200|
14|投诉人|complainant|a..30|
15|被投诉单位|accused_org|an..100|
16|被投诉人|accused_person|a..30|
17|投诉内容|complaint_content|an..1000|
18|投诉来源|complaint_source|an..50|
19|投诉时间|complained_at|T|
20|承办单位代码|handle_org_code|an..18|
21|承办单位名称|handle_org_name|an..100|
22|承办人|handle_person|a..30|
23|承办时间|undertaken_at|T|
24|反馈信息|feedback|an..500|
25|反馈时间|feedback_at|T|
26|承诺时限|promised_limit|an..20|
27|延期时限|extend_limit|an..20|
28|延期原因|extend_reason|ul|
29|超期天数|overdue_days|N n..3|
30|行政区划|region_code|n..9|
        """,
    ),
    (
        "supervision",
        "表11 电子监察",
        """
1|办件编号|case_no|an..50|
2|督办内容|supervise_content|an..1000|
3|机构名称|org_name|an..100|
4|事项类型代码|item_type_code|n2|A.1
5|督办发出时间|issued_at|t|
6|监察编号|supervise_no|an..20|
7|监察规则编号|rule_no|an..20|
8|监察预警类型代码|warning_type|n1|
9|状态产生时间|status_at|t|
10|监察结果描述|result_desc|an..1000|
11|责任部门|responsible_dept|an..100|
        """,
    ),
)

GBT39046_TABLES: tuple[Table, ...] = tuple(read_table(key, label, text) for key, label, text in _PRINTED)
