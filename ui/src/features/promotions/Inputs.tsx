// Input steps of a pipeline that wait for a person: go on, or stop.
import { Check, Hand, X } from "lucide-react";
import type { InputView } from "../../contract";
import { ActionButton } from "../../components/action";
import { ErrorPanel } from "../../components/state";
import { useAct } from "../../host/queries";

export function Inputs({ id, inputs }: { id: string; inputs: InputView[] }) {
  const answer = useAct("input_answer");
  return (
    <>
      {inputs.map((input) => (
        <div key={input.id} className="notice wait" role="alert">
          <div className="why"><Hand className="icon tone-waiting" aria-hidden /><b>{input.message}</b></div>
          <div className="twin">
            <ActionButton kind="danger" busy={answer.isPending} onPress={() => answer.mutate({ id, input: input.id, proceed: false })}>
              <X className="icon" aria-hidden />Stop here
            </ActionButton>
            <ActionButton kind="primary" busy={answer.isPending} onPress={() => answer.mutate({ id, input: input.id, proceed: true })}>
              <Check className="icon" aria-hidden />{input.proceed}
            </ActionButton>
          </div>
        </div>
      ))}
      {answer.error && <ErrorPanel error={answer.error} />}
    </>
  );
}
