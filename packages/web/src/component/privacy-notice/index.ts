import { COMPONENT_TEXTS, type ComponentTexts } from "../component-texts.ts";
import { defineComponent } from "../define-component.ts";
import { type KeyedLine, keyedLines } from "../keyed-lines.ts";
import { appClient, type ComponentInstance } from "../mini-program-globals.ts";

interface Notice extends ComponentInstance<{
  readonly purpose: string;
  lines: readonly KeyedLine[];
  problem: string;
  texts: Pick<ComponentTexts, "contract">;
}> {
  turn?: number;
  /** The purpose whose text is shown, or on its way. */
  shown?: string | undefined;
}

/**
 * `<privacy-notice purpose="delivery"/>`: what is taken for a purpose, why, by whom and how long, and the way to the
 * platform's guide. Asks nothing.
 *
 * @see WX-4.4.2a, PIPL-17
 */
defineComponent<Notice>({
  properties: { purpose: { type: String, value: "" } },
  data: { lines: [], problem: "" },
  lifetimes: {
    attached() {
      void showNotice(this);
    },
  },
  observers: {
    purpose() {
      void showNotice(this);
    },
  },
  methods: {
    openContract() {
      void appClient()
        ?.platform.openContract()
        .catch(() => this.setData({ problem: problemOf() }));
    },
  },
});

async function showNotice(notice: Notice): Promise<void> {
  const privacy = appClient();
  const { purpose } = notice.data;
  if (privacy === undefined || purpose === "" || purpose === notice.shown) return;
  notice.shown = purpose;
  const turn = (notice.turn = (notice.turn ?? 0) + 1);
  notice.setData({ texts: { contract: COMPONENT_TEXTS[privacy.language].contract } });
  try {
    const { text } = await privacy.notice(purpose);
    if (turn === notice.turn) notice.setData({ lines: keyedLines(text), problem: "" });
  } catch {
    if (turn !== notice.turn) return;
    notice.shown = undefined;
    notice.setData({ problem: problemOf() });
  }
}

function problemOf(): string {
  return COMPONENT_TEXTS[appClient()?.language ?? "zh-CN"].problem;
}
