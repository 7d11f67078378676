package io.j8s.apiserver.operation;

import io.j8s.apiserver.registry.ResourceTable;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.SelectableField;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.selector.FieldSelector;
import io.j8s.model.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Which objects of a resource a list or watch is about, compiled from its selectors.
public final class Selection<T extends Struct> {

    private final Version<T, ?> version;
    private final String prefix;
    private final Selector labels;
    private final List<Test<T>> tests;

    private record Test<T extends Struct>(Function<T, String> value, boolean equal, String wanted) {}

    private Selection(Version<T, ?> version, String prefix, Selector labels, List<Test<T>> tests) {
        this.version = version;
        this.prefix = prefix;
        this.labels = labels;
        this.tests = List.copyOf(tests);
    }

    /// Compiles; refuses with 400 a field that cannot be selected.
    public static <T extends Struct> Selection<T> of(Target<T> target, ListRequest request) {
        List<Test<T>> tests = new ArrayList<>(0);
        for (FieldSelector.Term term : request.fields().terms()) {
            tests.add(new Test<>(value(target.version(), term.field()), term.equal(), term.value()));
        }
        if (!target.name().isEmpty()) {
            tests.add(new Test<>(object -> Objects.metadata(object).name(), true, target.name()));
        }
        String prefix = target.resource().namespaced() && !target.namespace().isEmpty() ? target.namespace() + "/" : "";
        return new Selection<>(target.version(), prefix, request.labels(), tests);
    }

    private static <T extends Struct> Function<T, String> value(Version<T, ?> version, String field) {
        if (field.equals("metadata.name")) {
            return object -> Objects.metadata(object).name();
        }
        if (field.equals("metadata.namespace") && version.selectsNamespace()) {
            return object -> Objects.metadata(object).namespace();
        }
        for (SelectableField<T> selectable : version.selectable()) {
            if (selectable.name().equals(field)) {
                return selectable.value();
            }
        }
        throw Refusal.badRequest("\"" + field + "\" is not a known field selector: only \"metadata.name\""
                + (version.selectsNamespace() ? ", \"metadata.namespace\"" : "")
                + String.join("", version.selectable().stream().map(one -> ", \"" + one.name() + "\"").toList()));
    }

    /// What the keys of its objects begin with.
    public String prefix() {
        return prefix;
    }

    /// Whether every object with the prefix belongs to it.
    public boolean everything() {
        return tests.isEmpty() && labels.selectsEverything();
    }

    /// Whether an object belongs to it (its key, too).
    public boolean contains(Stored<T> stored) {
        return stored.key().startsWith(prefix) && matches(stored);
    }

    /// As [#contains], for an object whose key begins with the prefix.
    boolean matches(Stored<T> stored) {
        if (everything()) {
            return true;
        }
        T object = version.working(stored.object());
        for (Test<T> test : tests) {
            if (test.value.apply(object).equals(test.wanted) != test.equal) {
                return false;
            }
        }
        return labels.selectsEverything() || labels.matches(Objects.metadata(object).labels());
    }

    /// Converts, in one go, what has to be looked at in another version than it is held in.
    void prepare(ResourceTable.View<T> view) {
        if (!everything() && version.own() != null) {
            List<T> all = new ArrayList<>();
            view.forEach(prefix, "", stored -> all.add(stored.object()));
            version.convertTogether(all.stream());
        }
    }

    /// As [#contains], but true when that could only be found out by converting the object, which may take long.
    public boolean mayContain(Stored<T> stored) {
        return stored.key().startsWith(prefix) && (version.converts(stored.object()) || matches(stored));
    }
}
