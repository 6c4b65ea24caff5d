import type { MiniProgramClient } from "../../platform/mini-program-client.ts";
import type { OpenedRequest } from "../../subject-request/subject-request-client.ts";
import { COMPONENT_TEXTS, type ComponentTexts } from "../component-texts.ts";
import { defineComponent } from "../define-component.ts";
import {
  appClient,
  type ComponentInstance,
  type TapEvent,
  type ValueEvent,
} from "../mini-program-globals.ts";
import { type ConsentRow, consentRows } from "./consent-rows.ts";
import { type DataRow, dataRows, type ShownRecords } from "./data-rows.ts";

interface ShownRequest {
  readonly id: string;
  readonly requestToken: string;
  readonly state: string;
  readonly certificate: boolean;
}

interface Center extends ComponentInstance<{
  readonly records: ShownRecords | null;
  texts: CenterTexts;
  consents: readonly ConsentRow[];
  rows: readonly DataRow[];
  isShown: boolean;
  /** The field that is being corrected. */
  editing: string;
  isErasing: boolean;
  isBusy: boolean;
  request: ShownRequest | null;
  outcomes: readonly { readonly key: number; readonly text: string }[];
  message: string;
}> {
  privacy?: MiniProgramClient | undefined;
  unwatch?: (() => void) | undefined;
  typed?: string;
  isGone?: boolean;
  /** Of the last look at the consents; an earlier one that comes later is late. */
  turn?: number;
}

type CenterTexts = Pick<ComponentTexts, (typeof TEXT_NAMES)[number]>;
const TEXT_NAMES = [
  "heading",
  "intro",
  "receipt",
  "data",
  "showData",
  "noData",
  "change",
  "save",
  "cancel",
  "erase",
  "eraseWarning",
  "confirmErase",
  "keepThis",
  "certificate",
] as const;

/** Between two looks at an erasure, and how many there are. */
const LOOK_MS = 2_000;
const LOOKS = 150;

/**
 * `<privacy-center records="{{records}}"/>`: consents with a one-tap withdrawal; "my data" to see and correct; erasure
 * with its progress and confirmation. Events: `receipt`, `erased` (`id` and `requestToken`, to be kept), `certificate`,
 * `signin` when the server wants the person signed in anew.
 *
 * @see PIPL-15, PIPL-45, PIPL-46, WX-4.4.4d, WX-4.4.7a, WX-4.4.7b
 */
defineComponent<Center>({
  properties: { records: { type: Object, value: {} } },
  data: {
    consents: [],
    rows: [],
    isShown: false,
    editing: "",
    isErasing: false,
    isBusy: false,
    request: null,
    outcomes: [],
    message: "",
  },
  lifetimes: {
    attached() {
      follow(this);
    },
    detached() {
      this.isGone = true;
      this.unwatch?.();
    },
  },
  pageLifetimes: {
    show() {
      // Somebody else may have signed in meanwhile, with a client of her own.
      if (appClient() !== this.privacy) follow(this);
    },
  },
  methods: {
    // Withdrawing is one tap, as giving is (WX-4.4.4d, PIPL-15).
    change({ currentTarget: { dataset } }: TapEvent) {
      void attempt(this, (privacy) =>
        changeConsent(this, privacy, String(dataset["purpose"]), dataset["permitted"] === true),
      );
    },
    receipt({ currentTarget: { dataset } }: TapEvent) {
      this.triggerEvent("receipt", { purpose: dataset["purpose"], receipt: dataset["receipt"] });
    },
    showData() {
      void attempt(this, showData);
    },
    edit({ currentTarget: { dataset } }: TapEvent) {
      this.typed = String(dataset["value"]);
      this.setData({ editing: String(dataset["key"]), message: "" });
    },
    type({ detail }: ValueEvent) {
      this.typed = detail.value;
    },
    cancel() {
      this.setData({ editing: "" });
    },
    save({ currentTarget: { dataset } }: TapEvent) {
      const { record, id } = dataset["row"] as DataRow;
      void attempt(this, (privacy) => rectify(this, privacy, record, id, String(dataset["field"])));
    },
    askErase() {
      this.setData({ isErasing: true, message: "" });
    },
    cancelErase() {
      this.setData({ isErasing: false });
    },
    erase() {
      // The second half of a double tap asks for nothing more.
      if (!this.data.isErasing) return;
      this.setData({ isErasing: false, isBusy: true });
      void attempt(this, (privacy) => erase(this, privacy)).finally(() =>
        this.setData({ isBusy: false }),
      );
    },
  },
});

/** Shows the state of whoever is signed in now, and nothing of anybody before. */
function follow(center: Center): void {
  center.unwatch?.();
  const privacy = (center.privacy = appClient());
  center.setData({
    consents: [],
    rows: [],
    isShown: false,
    editing: "",
    request: null,
    outcomes: [],
  });
  if (privacy === undefined) return;
  const all = COMPONENT_TEXTS[privacy.language];
  const texts = Object.fromEntries(TEXT_NAMES.map((name) => [name, all[name]])) as CenterTexts;
  center.setData({ texts });
  center.unwatch = privacy.consent.watch(() => void attempt(center, showConsents));
  void attempt(center, showConsents);
}

/** Does something with the client, and says what did not work. */
async function attempt(
  center: Center,
  act: (privacy: MiniProgramClient, center: Center) => Promise<void>,
): Promise<void> {
  const { privacy } = center;
  if (privacy === undefined) return;
  const texts = COMPONENT_TEXTS[privacy.language];
  try {
    await act(privacy, center);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    const wantsSignIn = code === "ERR_REAUTHENTICATION_REQUIRED" || code === "ERR_UNAUTHENTICATED";
    show(center, privacy, { message: wantsSignIn ? texts.signIn : texts.problem });
    if (wantsSignIn) center.triggerEvent("signin", {});
  }
}

/** What comes late is not shown to who has signed in since. */
function show(center: Center, privacy: MiniProgramClient, change: Partial<Center["data"]>): void {
  if (isOf(center, privacy)) center.setData(change);
}

function isOf(center: Center, privacy: MiniProgramClient): boolean {
  return !center.isGone && center.privacy === privacy;
}

async function showConsents(privacy: MiniProgramClient, center: Center): Promise<void> {
  const turn = (center.turn = (center.turn ?? 0) + 1);
  const consents = await consentRows(privacy);
  if (turn === center.turn) show(center, privacy, { consents });
}

async function changeConsent(
  center: Center,
  privacy: MiniProgramClient,
  purpose: string,
  isPermitted: boolean,
): Promise<void> {
  const { status } = isPermitted
    ? await privacy.consent.withdraw(purpose)
    : await privacy.consent.ask(purpose, { again: true });
  show(center, privacy, { message: COMPONENT_TEXTS[privacy.language].status[status] });
  await showConsents(privacy, center);
}

async function showData(privacy: MiniProgramClient, center: Center): Promise<void> {
  const rows = dataRows(await privacy.data.view(), center.data.records ?? {});
  show(center, privacy, { rows, isShown: true, message: "" });
}

/** A person corrects what is kept about her by herself (WX-4.4.7a). */
async function rectify(
  center: Center,
  privacy: MiniProgramClient,
  record: string,
  id: string,
  field: string,
): Promise<void> {
  const { corrected } = await privacy.data.rectify(record, id, { [field]: center.typed });
  await showData(privacy, center);
  const { saved, problem } = COMPONENT_TEXTS[privacy.language];
  const isSaved = corrected.includes(field);
  // What she typed stays, to be sent again.
  show(center, privacy, isSaved ? { editing: "", message: saved } : { message: problem });
}

/** A person has everything erased by herself, and sees what became of it (WX-4.4.7b). */
async function erase(center: Center, privacy: MiniProgramClient): Promise<void> {
  const { id, requestToken, state } = await privacy.requests.erase();
  // The only way back to it.
  center.triggerEvent("erased", { id, requestToken });
  const request = { id, requestToken, state: COMPONENT_TEXTS[privacy.language].state[state] };
  show(center, privacy, {
    request: { ...request, certificate: false },
    rows: [],
    isShown: false,
    message: "",
  });
  for (let look = 0; look < LOOKS && isOf(center, privacy); look++) {
    // One look that fails is followed by another.
    const isDone = await isFinished(center, privacy, { id, requestToken }).catch(() => false);
    if (isDone) return showConsents(privacy, center);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function isFinished(
  center: Center,
  privacy: MiniProgramClient,
  { id, requestToken }: Pick<OpenedRequest, "id" | "requestToken">,
): Promise<boolean> {
  const texts = COMPONENT_TEXTS[privacy.language];
  const { state, outcomes, certificateId } = await privacy.requests.progress({ id, requestToken });
  const request = { id, requestToken, state: texts.state[state], certificate: false };
  show(center, privacy, {
    request,
    outcomes: outcomes.map(({ store, record, outcome }, key) => ({
      key,
      text: `${store} · ${record}${texts.colon}${texts.outcome[outcome]}`,
    })),
  });
  if (certificateId === undefined) return state === "refused";
  const issued = await privacy.requests.certificate(certificateId, requestToken);
  show(center, privacy, { request: { ...request, certificate: true } });
  center.triggerEvent("certificate", issued);
  return true;
}
