/** What only a believer is called or does. */
export const BELIEVERS =
  "基督徒 天主教徒 佛教徒 道教徒 教徒 信徒 穆斯林 信佛 信教 信主 信耶稣 信基督 信道教 信天主 皈依 受洗 礼拜 念经 吃斋";
/** Religions: said of a person after 信, 信仰, 皈依 … */
export const RELIGIONS =
  "伊斯兰教 佛教 基督教 天主教 道教 犹太教 印度教 东正教 新教 藏传佛教 islam judaism christianity buddhism hinduism catholicism";
export const BELIEVERS_EN =
  "muslim christian buddhist catholic jewish hindu sikh atheist protestant mormon taoist baptist methodist evangelical muslims christians buddhists catholics jews hindus sikhs atheists protestants mormons jehovah";
