import type { AgeBand } from "@miniprivacy/core";
import type { Language } from "@miniprivacy/core/policy";
import type { MiniProgramClient } from "../../platform/mini-program-client.ts";
import type { ConsentQuestion, PlatformQuestion } from "../../platform/dialog.ts";
import { COMPONENT_TEXTS } from "../component-texts.ts";
import { defineComponent } from "../define-component.ts";
import { type KeyedLine, keyedLines } from "../keyed-lines.ts";
import { appClient, type ComponentInstance, type TapEvent } from "../mini-program-globals.ts";

interface DialogTexts {
  readonly title: string;
  readonly hint: string;
  readonly contract: string;
  readonly ageQuestion: string;
  readonly agree: string;
  readonly refuse: string;
}

interface ConsentDialog extends ComponentInstance<{
  open: boolean;
  texts: DialogTexts;
  lines: readonly KeyedLine[];
  contractName: string;
  asksPlatform: boolean;
  /** To choose from, where the age is asked; nothing is chosen beforehand. */
  ages: readonly { readonly band: AgeBand; readonly label: string }[];
  age: AgeBand | "";
}> {
  privacy?: MiniProgramClient | undefined;
  question?: ConsentQuestion | PlatformQuestion | undefined;
  listening?: readonly (() => void)[];
  showConsent: (question: ConsentQuestion) => void;
  showPlatform: (question: PlatformQuestion) => void;
}

const AGE_BANDS: readonly AgeBand[] = ["under-14", "14-17", "adult"];

/** Of the one agree button; the platform checks that it was tapped. */
const AGREE_BUTTON = "privacy-agree";

/**
 * `<privacy-consent/>`: shows the questions of its page, one at a time, above its lower edge. Two equal choices; the
 * agree button is the platform's where the platform asks as well, so that one tap answers both.
 *
 * @see WX-4.4.2a, WX-4.4.3, PIPL-16
 */
defineComponent<ConsentDialog>({
  data: { open: false, ages: [], age: "" },
  lifetimes: {
    attached() {
      // The same functions each time the page comes up: what is open stays open.
      this.showConsent = (question) =>
        show(this, question, question.asksPlatform, {
          title: COMPONENT_TEXTS[question.language].title,
          asksAge: question.asksAge,
          lines: keyedLines(question.text),
        });
      this.showPlatform = (question) =>
        show(this, question, true, {
          title: COMPONENT_TEXTS[question.language].platformTitle,
          lines: [platformLine(question.language)],
          contractName: question.contractName,
        });
      listen(this);
    },
    detached() {
      stop(this);
      // Leaving the page is a no (PIPL-16).
      this.question?.refuse();
    },
  },
  pageLifetimes: {
    show() {
      listen(this);
    },
    hide() {
      stop(this);
    },
  },
  methods: {
    agree() {
      const { asksPlatform, ages, age } = this.data;
      if (ages.length > 0 && age === "") return;
      this.question?.agree(asksPlatform ? AGREE_BUTTON : undefined, age === "" ? undefined : age);
    },
    chooseAge({ currentTarget: { dataset } }: TapEvent) {
      this.setData({ age: dataset["band"] as AgeBand });
    },
    refuse() {
      this.question?.refuse();
    },
    openContract() {
      // Where the platform cannot show its guide, the question stays as it is.
      void this.privacy?.platform.openContract().catch(() => undefined);
    },
    /** What is behind does not move. */
    hold() {},
  },
});

/** The page in sight is the one that asks. */
function listen(dialog: ConsentDialog): void {
  stop(dialog);
  // Somebody else may have signed in meanwhile, with a client of her own.
  const privacy = (dialog.privacy = appClient());
  if (privacy === undefined) return;
  dialog.listening = [
    privacy.consent.onAsk(dialog.showConsent),
    privacy.platform.onDialog(dialog.showPlatform),
  ];
}

function stop(dialog: ConsentDialog): void {
  dialog.listening?.forEach((end) => end());
  dialog.listening = [];
}

function platformLine(language: Language): KeyedLine {
  return { key: 0, kind: "line", term: "", text: COMPONENT_TEXTS[language].platformText };
}

interface ShownContent {
  readonly title: string;
  readonly lines: readonly KeyedLine[];
  readonly contractName?: string;
  readonly asksAge?: boolean;
}

function show(
  dialog: ConsentDialog,
  question: ConsentQuestion | PlatformQuestion,
  asksPlatform: boolean,
  { title, lines, contractName = "", asksAge = false }: ShownContent,
): void {
  const { hint, contract, ageQuestion, agree, refuse, ages } = COMPONENT_TEXTS[question.language];
  dialog.question = question;
  dialog.setData({
    open: true,
    texts: { title, hint, contract, ageQuestion, agree, refuse },
    lines,
    contractName,
    asksPlatform,
    ages: asksAge ? AGE_BANDS.map((band) => ({ band, label: ages[band] })) : [],
    age: "",
  });
  void closeOnceAnswered(dialog, question);
}

async function closeOnceAnswered(
  dialog: ConsentDialog,
  question: ConsentQuestion | PlatformQuestion,
): Promise<void> {
  await question.answered;
  if (dialog.question !== question) return;
  dialog.question = undefined;
  dialog.setData({ open: false });
}
