/** How far around a word is read to tell whether it is said of a person. */
const REACH = 48;
/** A text with many such words is read that far ahead at once. */
const AHEAD = 512;

/** What ends a sentence; what ends one only after the word; patients, who before the word are somebody; somebody. */
const MARKS = new RegExp(
  [
    "([。！？\\n;；])|([.!?]\\s)|(患者|病人)",
    "我(?![国们院市省县校司店])|[您他她]|你(?!们)|本人|先生|女士|患|[孩婴]|宝宝|儿子|女儿|[父母爸妈爷奶哥姐弟妹]|[外老][公婆]|老人|丈夫|妻子|爱人|客户|员工|同[学事]|学生|家属|会员|全家|一家|家[人里]|朋友|某|备注|申请|岁|对.{1,6}过敏|确诊|诊断|[查检]出|得了|病史|既往|主诉|感染|术后|做过|接受|服用|服药|住院|长期",
    "\\b(?:i|i'm|i've|we|our|my|me|s?he|his|her|him|they|their|you|your|patients?|candidate|student|boy|girl|kid|toddler|customer|client|employee|applicant|guest|m[ou]m|mother|father|dad|son|daughter|wife|husband|brother|sister|child|baby|uncle|aunt|grand\\w+|m(?:r|rs|s)|dr|dob|diagnos\\w+|suffer\\w*|admitted|prescribed|presents with|history of|sick leave|underg\\w+|underwent|tested|allergic|allergies|old)\\b",
  ].join("|"),
  "gi",
);
const END = 0;
const END_AFTER = 1;
const PATIENT = 2;
const SOMEBODY = 3;
const NAMED = 4;

/** `John has …` */
const NAMED_EN = /\b[A-Z][a-z]+ (?:[A-Z][a-z]+ )?(?:has|had|is|was|takes|needs|lives|lost|beat) /g;

/** What makes of a word the name of a thing, a place or a science, directly after and before it. */
const THING_AFTER =
  /^(?:患者|病人|人群|教|者)?的?(?:[应慎禁]|专[区用科]|医院|诊所|药[店房品]|用药|防[治控护]|预防|疫苗|科普|研究|指南|保?险|日(?!常)|基金|论文|知识|讲座|食[品谱]|饮食|餐|筛查|检测|试[剂纸]|仪|门诊|风险|发病|死亡|协会|学会|中心|产品|用品|新药|机构|领域|文化|国家|地区|世界|节|艺术|建筑|音乐|圣地|有哪些|是一种|症状|系列| *(?:research|awareness|prevention|cent|foundation|charity|insurance|screening|stud|clinic|drug|vaccine|fund|society|association|market|rate|relief|free|kit|test|specialist|statistic|guide|art\b|architecture|music|festival|bookstore|school|countr|population|community|food|holiday|calendar|bale|dior|fan))/i;
const THING_BEFORE =
  /(?:预防|防[止治控]|降低|抗|关于|研究|治疗|适[用合]于?|针对|远离|世界|全[国球]|警惕|科普|如何|什么是|筛查|告别|[猫狗犬]|宠物|against|about|prevent\w*|for|of) ?$/i;
const OWN_BEFORE =
  /(?:在接受|正在治疗|history of|case of|treat\w+ (?:for|of)|(?:type|bout|form|survivor) of|(?:medication|scheduled) for|died of) ?$/i;
/** What those are looked for in. */
const DIRECTLY = 20;

/** Other words that begin with the name of a condition. */
const OTHER_WORD =
  /^(?:中风[景格险味]|骨折[叠价]|.{1,3}病毒|发烧[友级]|地平线|双相[钢不]|自闭门|西林瓶|阳性[插接螺]|透析[纸袋膜]|皮炎平)/;

/** Tells whether words that name a condition or a belief are said of somebody, by the words around them. */
export interface PersonalContext {
  /** Asked of words in the order they stand. */
  isSaidOfSomebody(start: number, end: number): boolean;
}

interface Mark {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

/** Whose words a text are: what tells it is looked for once, however many words are asked of. */
export function personalContext(text: string): PersonalContext {
  let marks: readonly Mark[] = [];
  /** The part of the text whose marks are known, and the first that still counts. */
  let known = { from: 0, to: 0 };
  let first = 0;

  function readMarks(from: number, to: number): void {
    if (to > known.to) {
      known = { from, to: from < known.to ? to + AHEAD : to };
      marks = marksIn(text, known.from, known.to);
      first = 0;
    }
    while (first < marks.length && marks[first]!.start < from) first++;
  }

  function isSaid(start: number, end: number): boolean {
    let said = false;
    for (let i = first; i < marks.length && marks[i]!.end <= end + REACH; i++) {
      const mark = marks[i]!;
      if (mark.end <= start) said = mark.kind !== END && (said || mark.kind !== END_AFTER);
      else if (said || (mark.start >= end && mark.kind <= END_AFTER)) break;
      // Patients in general, as in 糖尿病患者, are nobody; a name counts only before what is said of it.
      else said = mark.start >= end && mark.kind === SOMEBODY;
    }
    return said;
  }

  return {
    isSaidOfSomebody(start, end) {
      if (OTHER_WORD.test(text.slice(start, end + 1))) return false;
      if (THING_AFTER.test(text.slice(end, end + DIRECTLY))) return false;
      const before = text.slice(Math.max(0, start - DIRECTLY), start);
      if (THING_BEFORE.test(before) && !OWN_BEFORE.test(before)) return false;
      readMarks(Math.max(0, start - REACH), end + REACH);
      return isSaid(start, end);
    },
  };
}

function marksIn(text: string, from: number, to: number): readonly Mark[] {
  const part = text.slice(from, to);
  const marks: Mark[] = [];
  const add = (kind: number, start: number, end: number): void => {
    marks.push({ kind, start: from + start, end: from + end });
  };
  eachMatch(MARKS, part, ([found, end, endAfter, patient], at) => {
    const ending = end === undefined ? END_AFTER : END;
    const somebody = patient === undefined ? SOMEBODY : PATIENT;
    const kind = (end ?? endAfter) === undefined ? somebody : ending;
    add(kind, at, at + found.length);
  });
  const words = marks.length;
  eachMatch(NAMED_EN, part, ([found], at) => add(NAMED, at, at + found.length));
  return words === marks.length ? marks : marks.sort((a, b) => a.end - b.end);
}

/** Every match of a global pattern: `matchAll` is younger than some phones. */
function eachMatch(
  pattern: RegExp,
  text: string,
  take: (match: RegExpExecArray, at: number) => void,
): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text))
    take(match, match.index);
}

/** What is said before a place, from the beginning of its sentence. */
export function clauseBefore(text: string, at: number): string {
  return text
    .slice(Math.max(0, at - REACH), at)
    .split(/[。！？\n;；]/)
    .pop()!;
}
