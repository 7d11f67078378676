package io.j8s.apiserver.serve;

import io.j8s.apiserver.operation.ListRequest;
import io.j8s.apiserver.operation.Listing;
import io.j8s.apiserver.operation.Selection;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Virtual;
import io.j8s.model.Struct;
import java.util.List;

/// Lists of objects that are worked out and not stored.
final class VirtualLists {

    private VirtualLists() {}

    static <T extends Struct> Listing<T> list(Virtual.ListAll<T> all, Parts parts, Target<T> target, ListRequest request) {
        Selection<T> selection = Selection.of(target, request);
        List<Stored<T>> items = all.all().stream().map(Stored::computed).filter(selection::contains).toList();
        return new Listing<>(items, 0, "", 0);
    }
}
