// What each action of a promotion asks of the host.
import type { PromotionAction, PromotionView } from "../../contract";
import { useAct } from "../../host/queries";

export function useActions(view: PromotionView) {
  const request = useAct("promotion_request");
  const approve = useAct("promotion_approve");
  const reject = useAct("promotion_reject");
  const execute = useAct("promotion_execute");
  const abandon = useAct("promotion_abandon");
  const abort = useAct("promotion_abort");
  const resume = useAct("promotion_resume");
  const again = useAct("promotion_prepare_again");
  const all = [request, approve, reject, execute, abandon, abort, resume, again];

  const act = (action: PromotionAction, comment: string) => {
    // Only the newest attempt's trouble is of interest.
    for (const each of all) each.reset();
    const about = { id: view.summary.id };
    const decision = { ...about, digest: view.digest, comment };
    switch (action) {
      case "request": return request.mutate(decision);
      case "approve": return approve.mutate(decision);
      case "reject": return reject.mutate(decision);
      case "execute": return execute.mutate(decision);
      case "abandon": return abandon.mutate(decision);
      case "abort": return abort.mutate(about);
      case "resume": return resume.mutate(about);
      case "prepare-again": return again.mutate(about);
    }
  };
  return { act, busy: all.some((each) => each.isPending), error: all.map((each) => each.error).find((error) => error !== null) ?? null };
}
