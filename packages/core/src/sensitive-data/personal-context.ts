/** How far around a word is read to tell whether it is said of a person. */
const REACH = 48;

const SOMEBODY_ZH =
  /我(?![国们院市省县校司店])|[您他她]|你(?!们)|本人|先生|女士|患|病人|[孩婴]|宝宝|儿子|女儿|[父母爸妈爷奶哥姐弟妹]|[外老][公婆]|老人|丈夫|妻子|爱人|客户|员工|同[学事]|学生|家属|会员|全家|一家|家[人里]|朋友|某|备注|申请|岁|对.{1,6}过敏|确诊|诊断|[查检]出|得了|病史|既往|主诉|感染|术后|做过|接受|服用|服药|住院|长期/;
const SOMEBODY_EN =
  /\b(?:i|i'm|i've|we|our|my|me|s?he|his|her|him|they|their|you|your|patients?|candidate|student|boy|girl|kid|toddler|customer|client|employee|applicant|guest|m[ou]m|mother|father|dad|son|daughter|wife|husband|brother|sister|child|baby|uncle|aunt|grand\w+|m(?:r|rs|s)|dr|dob|diagnos\w+|suffer\w*|admitted|prescribed|presents with|history of|sick leave|underg\w+|underwent|tested|allergic|allergies|old)\b/i;
/** `John has …` */
const NAMED_EN = /\b[A-Z][a-z]+ (?:[A-Z][a-z]+ )?(?:has|had|is|was|takes|needs|lives|lost|beat) /;

/** What makes of a word the name of a thing, a place or a science, directly after and before it. */
const THING_AFTER =
  /^(?:患者|病人|人群|教|者)?的?(?:[应慎禁]|专[区用科]|医院|诊所|药[店房品]|用药|防[治控护]|预防|疫苗|科普|研究|指南|保?险|日(?!常)|基金|论文|知识|讲座|食[品谱]|饮食|餐|筛查|检测|试[剂纸]|仪|门诊|风险|发病|死亡|协会|学会|中心|产品|用品|新药|机构|领域|文化|国家|地区|世界|节|艺术|建筑|音乐|圣地|有哪些|是一种|症状|系列| *(?:research|awareness|prevention|cent|foundation|charity|insurance|screening|stud|clinic|drug|vaccine|fund|society|association|market|rate|relief|free|kit|test|specialist|statistic|guide|art\b|architecture|music|festival|bookstore|school|countr|population|community|food|holiday|calendar|bale|dior|fan))/i;
const THING_BEFORE =
  /(?:预防|防[止治控]|降低|抗|关于|研究|治疗|适[用合]于?|针对|远离|世界|全[国球]|警惕|科普|如何|什么是|筛查|告别|[猫狗犬]|宠物|against|about|prevent\w*|for|of) ?$/i;
const OWN_BEFORE =
  /(?:在接受|正在治疗|history of|case of|treat\w+ (?:for|of)|(?:type|bout|form|survivor) of|(?:medication|scheduled) for|died of) ?$/i;

/** Other words that begin with the name of a condition. */
const OTHER_WORD =
  /^(?:中风[景格险味]|骨折[叠价]|.{1,3}病毒|发烧[友级]|地平线|双相[钢不]|自闭门|西林瓶|阳性[插接螺]|透析[纸袋膜]|皮炎平)/;

/** Whether a word that names a condition or a belief is said of somebody, by the words around it. */
export function isSaidOfSomebody(text: string, start: number, end: number): boolean {
  const before = clauseBefore(text, start);
  const after = text.slice(end, end + REACH);
  if (OTHER_WORD.test(text.slice(start, end + 1)) || THING_AFTER.test(after)) return false;
  if (THING_BEFORE.test(before) && !OWN_BEFORE.test(before)) return false;
  // Patients in general, as in 糖尿病患者, are nobody.
  const rest = after.split(/[。！？\n;；]|[.!?]\s/)[0]!.replace(/患者|病人/g, "");
  const clause = before + rest;
  return SOMEBODY_ZH.test(clause) || SOMEBODY_EN.test(clause) || NAMED_EN.test(before);
}

/** What is said before a place, from the beginning of its sentence. */
export function clauseBefore(text: string, at: number): string {
  return text
    .slice(Math.max(0, at - REACH), at)
    .split(/[。！？\n;；]/)
    .pop()!;
}
