/** Parts of the body, before what befalls them: 肺炎, 肝癌, 肾病 … */
export const ORGANS =
  "肺肝胃肠肾鼻喉胰胆脑眼皮骨 咽喉 胰腺 阑尾 胆囊 关节 骨髓 脑膜 中耳 乳腺 宫颈 前列腺 甲状腺 支气管 心肌 食管 食道 结肠 直肠 卵巢 鼻咽 淋巴 盆腔 附件 牙周 口腔 皮肤 血管 子宫 颈椎 腰椎 心脏";
export const DISORDERS =
  "炎 癌 瘤 病 结石 结节 肿瘤 囊肿 息肉 硬化 衰竭 溃疡 移植 肌瘤 积水 脱垂 搭桥";

/** Conditions, treatments and states of health that have names of their own. */
export const CONDITIONS: string =
  "糖尿病 糖尿 高血压 高血脂 高血糖 冠心病 心梗 心绞痛 心律不齐 心律失常 脑梗 脑卒中 脑出血 中风 偏瘫 瘫痪 癫痫 哮喘 结核 气胸 慢阻肺 乙肝 丙肝 甲肝 脂肪肝 痛风 类风湿 红斑狼疮 白血病 血友病 贫血 甲亢 甲减 骨折 骨质疏松 椎间盘突出 艾滋 梅毒 淋病 尖锐湿疣 疱疹 性病 癌症 肿瘤 白癜风 银屑病 湿疹 荨麻疹 青光眼 白内障 帕金森 阿尔茨海默 老年痴呆 渐冻症 " +
  "抑郁 焦虑症 焦虑障碍 双相 躁郁 精神分裂 精神病 强迫症 自闭 孤独症 多动症 厌食症 失眠 智力障碍 发育迟缓 唐氏综合征 脑瘫 聋哑 失明 残疾 怀孕 有孕 早孕 孕期 流产 早产 不孕 不育 试管婴儿 宫外孕 多囊 月经 阳痿 早泄 化疗 放疗 透析 支架手术 剖腹产 截肢 截瘫 胰岛素 戒毒 过敏 乳糖不耐 蚕豆病 新冠 核酸阳性 抗原阳性 败血症 休克 昏迷 肺气肿 痔疮 疝气 甲流 水痘 麻疹 手足口 百日咳 猩红热 川崎病 手术 妊娠 发热 发烧 色盲 心肌梗 脑梗 胸闷 阳性 脑损伤 烧伤 外伤 " +
  // Stems of the names of medicines.
  "沙星 西林 地平 他汀 沙坦 洛尔 西汀 曲林 氮平 双胍 列汀 普利 拉唑";
export const CONDITIONS_EN: string =
  "diabetes diabetic cancer tumor tumour leukemia leukaemia lymphoma hypertension asthma asthmatic epilepsy epileptic hepatitis tuberculosis pneumonia bronchitis hiv syphilis herpes depression bipolar schizophrenia schizophrenic autism autistic adhd anxiety dementia alzheimer parkinson ptsd anorexia bulimia psychosis pregnant pregnancy miscarriage infertility ivf abortion chemotherapy chemo radiotherapy dialysis insulin pacemaker transplant methadone antidepressants arthritis osteoporosis migraine migraines stroke sclerosis lupus anemia anaemia eczema psoriasis celiac coeliac allergic allergy endometriosis hypothyroidism paralysis amputation glaucoma gout fracture hysterectomy mastectomy appendicitis ulcer crohn covid sepsis cirrhosis angina arrhythmia disability chickenpox measles surgery metformin penicillin paracetamol ibuprofen statins";
