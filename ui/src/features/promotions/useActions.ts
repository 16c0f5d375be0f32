// What each action of a promotion asks of the host.
import type { PromotionAction, PromotionView } from "../../contract";
import { useAct } from "../../host/queries";

export type WaiverOrder = { gate: string; service: string | null; owner: string; reason: string; expires: string };
export type GlassOrder = { incident: string; reason: string };

export function useActions(view: PromotionView) {
  const request = useAct("promotion_request");
  const approve = useAct("promotion_approve");
  const reject = useAct("promotion_reject");
  const execute = useAct("promotion_execute");
  const withdraw = useAct("promotion_withdraw");
  const waiver = useAct("promotion_waive");
  const glass = useAct("promotion_break_glass");
  const review = useAct("promotion_review");
  const abandon = useAct("promotion_abandon");
  const abort = useAct("promotion_abort");
  const resume = useAct("promotion_resume");
  const again = useAct("promotion_prepare_again");
  const all = [request, approve, reject, execute, withdraw, waiver, glass, review, abandon, abort, resume, again];
  const about = { id: view.summary.id };
  const exactly = { ...about, digest: view.digest };
  // Only the newest attempt's trouble is of interest.
  const anew = () => {
    for (const each of all) each.reset();
  };

  const act = (action: PromotionAction, comment: string) => {
    anew();
    const decision = { ...exactly, comment };
    switch (action) {
      case "request": return request.mutate(decision);
      case "approve": return approve.mutate(decision);
      case "reject": return reject.mutate(decision);
      case "execute": return execute.mutate(decision);
      case "withdraw": return withdraw.mutate(decision);
      case "review": return review.mutate(decision);
      case "abandon": return abandon.mutate(decision);
      case "abort": return abort.mutate(about);
      case "resume": return resume.mutate(decision);
      case "prepare-again": return again.mutate(about);
      // These two want more than a comment.
      case "waive":
      case "break-glass":
        return undefined;
    }
  };
  const waive = (order: WaiverOrder) => {
    anew();
    waiver.mutate({ ...exactly, ...order });
  };
  const breakGlass = (order: GlassOrder) => {
    anew();
    glass.mutate({ ...exactly, ...order });
  };
  return { act, waive, breakGlass, busy: all.some((each) => each.isPending), error: all.map((each) => each.error).find((error) => error !== null) ?? null };
}

/** Prepares it anew, and asks for approval of what came of it. */
export function useAskAnew(view: PromotionView) {
  const request = useAct("promotion_request");
  const again = useAct("promotion_prepare_again", (made) => {
    const can = made.actions.find((item) => item.action === "request");
    if (can?.enabled) request.mutate({ id: made.summary.id, digest: made.digest, comment: "asked anew after something moved" });
  });
  const start = () => {
    request.reset();
    again.mutate({ id: view.summary.id });
  };
  return { start, busy: again.isPending || request.isPending, error: again.error ?? request.error };
}
