package io.j8s.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A set of paths, as a tree: each step is there once, says whether the path that ends here is a member, and holds the paths that go on.
///
/// Immutable. The operations share what they do not change: `a.union(b)` is `a` itself when b adds nothing, `a.difference(b)` is `a` itself when b takes
/// nothing, so that "has anything changed" is a comparison of references. The semantics are structured-merge-diff's: a parent being a member does not
/// make its children members, nor the other way round.
@SuppressWarnings("ReferenceEquality") // an operation that changes nothing returns the very same tree
public final class FieldTree {

    public static final FieldTree EMPTY = new FieldTree(new PathElement[0], null, null);

    /// Sorted.
    private final PathElement[] elements;
    /// Which elements are members themselves; null when all are.
    private final boolean @Nullable [] members;
    /// What goes on below each element (null for nothing); null when nothing goes on anywhere. Never holds an empty tree.
    private final @Nullable FieldTree @Nullable [] children;

    private int hash;

    private FieldTree(PathElement[] elements, boolean @Nullable [] members, @Nullable FieldTree @Nullable [] children) {
        this.elements = elements;
        this.members = members;
        this.children = children;
    }

    /// Collects the steps of one level, in any order; the same element added twice is joined.
    public static final class Builder {
        private PathElement[] elements = new PathElement[8];
        private boolean[] members = new boolean[8];
        private @Nullable FieldTree[] children = new FieldTree[8];
        private int size;

        /// @param below what goes on below the element; may be empty
        public Builder add(PathElement element, boolean member, FieldTree below) {
            if (!member && below.isEmpty()) {
                return this;
            }
            if (size > 0) {
                int order = elements[size - 1].compareTo(element);
                if (order >= 0) {
                    insert(element, member, below);
                    return this;
                }
            }
            makeRoom();
            put(size++, element, member, below.isEmpty() ? null : below);
            return this;
        }

        private void insert(PathElement element, boolean member, FieldTree below) {
            int place = Arrays.binarySearch(elements, 0, size, element);
            if (place >= 0) {
                members[place] |= member;
                FieldTree known = children[place];
                children[place] = known == null ? (below.isEmpty() ? null : below) : known.union(below);
                return;
            }
            place = -place - 1;
            makeRoom();
            System.arraycopy(elements, place, elements, place + 1, size - place);
            System.arraycopy(members, place, members, place + 1, size - place);
            System.arraycopy(children, place, children, place + 1, size - place);
            put(place, element, member, below.isEmpty() ? null : below);
            size++;
        }

        private void makeRoom() {
            if (size == elements.length) {
                elements = Arrays.copyOf(elements, size * 2);
                members = Arrays.copyOf(members, size * 2);
                children = Arrays.copyOf(children, size * 2);
            }
        }

        private void put(int place, PathElement element, boolean member, @Nullable FieldTree below) {
            elements[place] = element;
            members[place] = member;
            children[place] = below;
        }

        public boolean isEmpty() {
            return size == 0;
        }

        public FieldTree build() {
            if (size == 0) {
                return EMPTY;
            }
            boolean allMembers = true;
            boolean anyChild = false;
            for (int i = 0; i < size; i++) {
                allMembers &= members[i];
                anyChild |= children[i] != null;
            }
            return new FieldTree(
                    Arrays.copyOf(elements, size), allMembers ? null : Arrays.copyOf(members, size), anyChild ? Arrays.copyOf(children, size) : null);
        }
    }

    /// The set of these paths.
    @SafeVarargs
    public static FieldTree of(List<PathElement>... paths) {
        FieldTree tree = EMPTY;
        for (List<PathElement> path : paths) {
            if (!path.isEmpty()) {
                tree = tree.union(single(path));
            }
        }
        return tree;
    }

    /// The set of one path of field names, such as `metadata`, `labels`.
    public static FieldTree ofNames(String... names) {
        return single(Arrays.stream(names).map(PathElement::name).toList());
    }

    private static FieldTree single(List<PathElement> path) {
        FieldTree below = EMPTY;
        for (int i = path.size() - 1; i >= 0; i--) {
            below = new Builder().add(path.get(i), i == path.size() - 1, below).build();
        }
        return below;
    }

    public boolean isEmpty() {
        return elements.length == 0;
    }

    /// How many steps begin here.
    public int width() {
        return elements.length;
    }

    public PathElement element(int place) {
        return elements[place];
    }

    public boolean isMember(int place) {
        return members == null || members[place];
    }

    /// What goes on below the element at this place; empty when nothing does.
    public FieldTree below(int place) {
        FieldTree child = children == null ? null : children[place];
        return child == null ? EMPTY : child;
    }

    /// The place of an element, or a negative number.
    public int place(PathElement element) {
        return Arrays.binarySearch(elements, element);
    }

    public boolean has(PathElement element) {
        int place = place(element);
        return place >= 0 && isMember(place);
    }

    /// What goes on below an element; empty when nothing does.
    public FieldTree below(PathElement element) {
        int place = elements.length == 0 ? -1 : place(element);
        return place < 0 ? EMPTY : below(place);
    }

    public boolean has(List<PathElement> path) {
        FieldTree tree = this;
        for (int i = 0; i < path.size() - 1; i++) {
            tree = tree.below(path.get(i));
        }
        return !path.isEmpty() && tree.has(path.getLast());
    }

    /// How many paths are in it.
    public int size() {
        int size = 0;
        for (int i = 0; i < elements.length; i++) {
            size += (isMember(i) ? 1 : 0) + below(i).size();
        }
        return size;
    }

    /// Paths in either.
    public FieldTree union(FieldTree other) {
        if (this == other || other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        Builder out = new Builder();
        boolean changed = false;
        int i = 0;
        int j = 0;
        while (i < elements.length || j < other.elements.length) {
            int order = i == elements.length ? 1 : j == other.elements.length ? -1 : elements[i].compareTo(other.elements[j]);
            if (order < 0) {
                out.add(elements[i], isMember(i), below(i));
                i++;
            } else if (order > 0) {
                out.add(other.elements[j], other.isMember(j), other.below(j));
                j++;
                changed = true;
            } else {
                FieldTree mine = below(i);
                FieldTree joined = mine.union(other.below(j));
                boolean member = isMember(i) || other.isMember(j);
                changed |= joined != mine || member != isMember(i);
                out.add(elements[i], member, joined);
                i++;
                j++;
            }
        }
        return changed ? out.build() : this;
    }

    /// Paths in both.
    public FieldTree intersection(FieldTree other) {
        if (this == other || isEmpty()) {
            return this;
        }
        if (other.isEmpty()) {
            return EMPTY;
        }
        Builder out = new Builder();
        boolean changed = false;
        int j = 0;
        for (int i = 0; i < elements.length; i++) {
            int order = 1;
            while (j < other.elements.length && (order = other.elements[j].compareTo(elements[i])) < 0) {
                j++;
            }
            if (j == other.elements.length || order != 0) {
                changed = true;
                continue;
            }
            FieldTree mine = below(i);
            FieldTree common = mine.intersection(other.below(j));
            boolean member = isMember(i) && other.isMember(j);
            changed |= common != mine || member != isMember(i);
            out.add(elements[i], member, common);
        }
        return changed ? out.build() : this;
    }

    /// Whether some path is in both.
    public boolean intersects(FieldTree other) {
        int j = 0;
        for (int i = 0; i < elements.length && j < other.elements.length; i++) {
            int order = 1;
            while (j < other.elements.length && (order = other.elements[j].compareTo(elements[i])) < 0) {
                j++;
            }
            if (j < other.elements.length && order == 0 && (isMember(i) && other.isMember(j) || below(i).intersects(other.below(j)))) {
                return true;
            }
        }
        return false;
    }

    /// Whether every path here is in the other.
    public boolean within(FieldTree other) {
        return this == other || difference(other).isEmpty();
    }

    /// Paths here that are not in the other. Paths below one that is in the other stay.
    public FieldTree difference(FieldTree other) {
        return without(other, false);
    }

    /// Paths here that are neither in the other nor below one that is.
    public FieldTree recursiveDifference(FieldTree other) {
        return without(other, true);
    }

    private FieldTree without(FieldTree other, boolean recursive) {
        if (other.isEmpty() || isEmpty()) {
            return this;
        }
        Builder out = new Builder();
        boolean changed = false;
        int j = 0;
        for (int i = 0; i < elements.length; i++) {
            int order = 1;
            while (j < other.elements.length && (order = other.elements[j].compareTo(elements[i])) < 0) {
                j++;
            }
            if (j == other.elements.length || order != 0) {
                out.add(elements[i], isMember(i), below(i));
                continue;
            }
            boolean taken = other.isMember(j);
            FieldTree mine = below(i);
            FieldTree left = recursive && taken ? EMPTY : mine.without(other.below(j), recursive);
            boolean member = isMember(i) && !taken;
            changed |= left != mine || member != isMember(i);
            out.add(elements[i], member, left);
        }
        return changed ? out.build() : this;
    }

    /// Members below which nothing goes on.
    public FieldTree leaves() {
        Builder out = new Builder();
        for (int i = 0; i < elements.length; i++) {
            FieldTree below = below(i);
            out.add(elements[i], below.isEmpty() && isMember(i), below.leaves());
        }
        return out.build();
    }

    /// Visits every path: at each level first the members, then what goes on below. The list is the visitor's to keep.
    public void forEach(Consumer<List<PathElement>> visitor) {
        forEach(new ArrayList<>(), visitor);
    }

    private void forEach(List<PathElement> prefix, Consumer<List<PathElement>> visitor) {
        for (int i = 0; i < elements.length; i++) {
            if (isMember(i)) {
                prefix.add(elements[i]);
                visitor.accept(List.copyOf(prefix));
                prefix.removeLast();
            }
        }
        for (int i = 0; i < elements.length; i++) {
            FieldTree below = below(i);
            if (!below.isEmpty()) {
                prefix.add(elements[i]);
                below.forEach(prefix, visitor);
                prefix.removeLast();
            }
        }
    }

    /// Every path, in the order of [#forEach].
    public List<List<PathElement>> paths() {
        List<List<PathElement>> paths = new ArrayList<>();
        forEach(paths::add);
        return paths;
    }

    /// A path as causes of conflicts show it: `.spec.containers[name="a"].image`
    public static String text(List<PathElement> path) {
        StringBuilder text = new StringBuilder();
        path.forEach(text::append);
        return text.toString();
    }

    void write(StringBuilder out) {
        out.append('{');
        writeSteps(out, false);
        out.append('}');
    }

    private void writeSteps(StringBuilder out, boolean self) {
        if (self) {
            out.append("\".\":{}");
        }
        for (int i = 0; i < elements.length; i++) {
            if (i > 0 || self) {
                out.append(',');
            }
            PathText.quote(PathText.key(elements[i]), out, false);
            out.append(":{");
            FieldTree below = below(i);
            if (!below.isEmpty()) {
                below.writeSteps(out, isMember(i));
            }
            out.append('}');
        }
    }

    /// An equal tree that has what goes on below its steps in common with others; the very same when it has that already, or is the first.
    ///
    /// @param seen the instances so far, by themselves; what is new is added to it
    public FieldTree sharing(ConcurrentMap<FieldTree, FieldTree> seen) {
        @Nullable FieldTree[] mine = children;
        if (mine == null) {
            return this;
        }
        @Nullable FieldTree[] below = new FieldTree[mine.length];
        boolean changed = false;
        for (int i = 0; i < mine.length; i++) {
            FieldTree child = mine[i];
            if (child != null) {
                FieldTree first = seen.get(child);
                if (first == null) {
                    FieldTree shared = child.sharing(seen);
                    first = seen.putIfAbsent(shared, shared);
                    first = first == null ? shared : first;
                }
                below[i] = first;
                changed |= first != child;
            }
        }
        if (!changed) {
            return this;
        }
        FieldTree shared = new FieldTree(elements, members, below);
        shared.hash = hash;
        return shared;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof FieldTree tree) || elements.length != tree.elements.length || hashCode() != tree.hashCode()) {
            return false;
        }
        for (int i = 0; i < elements.length; i++) {
            if (isMember(i) != tree.isMember(i) || !elements[i].equals(tree.elements[i]) || !below(i).equals(tree.below(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0 && elements.length > 0) {
            for (int i = 0; i < elements.length; i++) {
                known = (known * 31 + elements[i].hashCode()) * 31 + (isMember(i) ? 1 : 0) + 7 * below(i).hashCode();
            }
            hash = known;
        }
        return known;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        write(text);
        return text.toString();
    }
}
