package io.j8s.store;

import java.util.List;

/// If all conditions hold, the operations of `then` are done, else those of `otherwise`; all at one revision.
public record Transaction(List<Condition> conditions, List<Operation> then, List<Operation> otherwise) {

    public Transaction {
        conditions = List.copyOf(conditions);
        then = List.copyOf(then);
        otherwise = List.copyOf(otherwise);
    }

    public static Transaction of(Operation... operations) {
        return new Transaction(List.of(), List.of(operations), List.of());
    }
}
