package io.j8s.apiserver.operation;

import io.j8s.apiserver.metrics.TableMetrics;
import io.j8s.apiserver.registry.ResourceTable;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.store.CompactedException;
import io.j8s.store.FutureRevisionException;
import io.j8s.store.KeyRange;
import io.j8s.store.Snapshot;
import io.j8s.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Gets and lists objects. What is current comes from the tables; what was, from the store's history.
public final class Reads {

    private static final Duration WAIT_FOR_FUTURE = Duration.ofSeconds(3);

    private final Engine engine;

    public Reads(Engine engine) {
        this.engine = engine;
    }

    /// The object as it is now, at a revision that is not older than the given one (empty or "0": any).
    public <T extends Struct> Stored<T> get(Target<T> target, String resourceVersion) {
        if (!resourceVersion.isEmpty()) {
            awaitRevision(parse(resourceVersion, 500));
        } else {
            engine.awaitNewest();
        }
        Stored<T> stored = engine.tables().of(target.resource()).get(target.namespace(), target.name());
        if (stored == null) {
            throw target.notFound();
        }
        return stored;
    }

    /// The objects that a request selects.
    public <T extends Struct> Listing<T> list(Target<T> target, ListRequest request) {
        Selection<T> selection = Selection.of(target, request);
        ResourceTable<T> table = engine.tables().of(target.resource());
        if (!request.continueToken().isEmpty()) {
            return goOn(table, selection, request);
        }
        long revision = request.resourceVersion().isEmpty() ? 0 : parse(request.resourceVersion(), 400);
        boolean exact = request.resourceVersionMatch().equals("Exact") || (request.resourceVersionMatch().isEmpty() && request.limit() > 0 && revision > 0);
        awaitFor(target, request, revision);
        long limit = request.resourceVersion().equals("0") ? 0 : request.limit();
        return exact ? past(table, selection, revision, "", limit) : current(table, selection, "", limit);
    }

    private void awaitFor(Target<?> target, ListRequest request, long revision) {
        if (revision > 0) {
            long start = engine.timeline().nanoTime();
            awaitRevision(revision);
            counts(target.resource()).notOlder(engine.timeline().nanoTime() - start);
        } else if (request.resourceVersion().isEmpty()) {
            long start = engine.timeline().nanoTime();
            engine.awaitNewest();
            counts(target.resource()).consistent(engine.timeline().nanoTime() - start);
        }
    }

    private TableMetrics.Lists counts(Resource<?> resource) {
        return engine.storage().tables().of(resource.hub().group(), resource.hub().plural());
    }

    private <T extends Struct> Listing<T> goOn(ResourceTable<T> table, Selection<T> selection, ListRequest request) {
        if (!request.resourceVersion().isEmpty() && !request.resourceVersion().equals("0")) {
            throw Refusal.badRequest("specifying resource version is not allowed when using continue");
        }
        ContinueToken token = ContinueToken.decode(request.continueToken());
        String from = selection.prefix() + token.start();
        long limit = request.resourceVersion().equals("0") ? 0 : request.limit();
        if (token.revision() < 0) {
            engine.awaitNewest();
            return current(table, selection, from, limit);
        }
        awaitRevision(token.revision());
        try {
            return past(table, selection, token.revision(), from, limit);
        } catch (Refusal expired) {
            throw expired.code() == 410 ? expired.continuing(new ContinueToken(-1, token.start()).encode()) : expired;
        }
    }

    private <T extends Struct> Listing<T> current(ResourceTable<T> table, Selection<T> selection, String from, long limit) {
        long before = engine.tables().revision();
        ResourceTable.View<T> view = table.view();
        long revision = Math.max(before, view.revision());
        if (limit <= 0 && from.isEmpty() && selection.everything()) {
            List<Stored<T>> all = new ArrayList<>(selection.prefix().isEmpty() ? view.size() : 16);
            view.forEach(selection.prefix(), "", all::add);
            counts(table.resource()).listed(all.size(), all.size());
            return new Listing<>(all, revision, "", 0);
        }
        selection.prepare(view);
        Page<T> page = new Page<>(selection, limit);
        view.forEach(selection.prefix(), from, page::take);
        counts(table.resource()).listed(page.seen, page.items.size());
        return page.listing(revision, view.count(selection.prefix(), from));
    }

    private <T extends Struct> Listing<T> past(ResourceTable<T> table, Selection<T> selection, long revision, String from, long limit) {
        if (revision == table.view().revision() && engine.tables().revision() == revision) {
            return current(table, selection, from, limit);
        }
        Snapshot snapshot = snapshot(revision, !from.isEmpty());
        KeyRange whole = KeyRange.prefix(table.storeKey(selection.prefix()));
        KeyRange range = from.isEmpty() ? whole : new KeyRange(table.storeKey(from), whole.end());
        Page<T> page = new Page<>(selection, limit);
        try {
            snapshot.forEach(range, entry -> page.take(table.stored(entry)));
            engine.storage().tables().listedFromStore(table.resource().hub().group(), table.resource().hub().plural(), page.seen, page.items.size());
            return page.listing(revision, snapshot.count(range));
        } catch (CompactedException e) {
            throw tooOld(!from.isEmpty());
        } catch (StoreUnavailableException e) {
            throw engine.unavailable(e);
        }
    }

    /// Upstream's words for pages that are asked for too late.
    private static final String PAGE_TOO_OLD = "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the "
            + "continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
            + "deleted between the time the first chunk was returned and now may show up in the list.";

    private static Refusal tooOld(boolean page) {
        return Refusal.expired(page ? PAGE_TOO_OLD : "The resourceVersion for the provided list is too old.");
    }

    private Snapshot snapshot(long revision, boolean page) {
        try {
            return engine.tables().store().snapshot(revision);
        } catch (CompactedException e) {
            throw tooOld(page);
        } catch (StoreUnavailableException e) {
            throw engine.unavailable(e);
        } catch (FutureRevisionException e) {
            throw tooLarge(revision);
        }
    }

    /// Objects of one page, and whether there are more.
    private static final class Page<T extends Struct> {
        private final Selection<T> selection;
        private final long limit;
        private final List<Stored<T>> items = new ArrayList<>();
        private boolean more;
        private long seen;

        Page(Selection<T> selection, long limit) {
            this.selection = selection;
            this.limit = limit;
        }

        boolean take(Stored<T> stored) {
            seen++;
            if (limit > 0 && items.size() == limit) {
                more = true;
                return false;
            }
            if (selection.matches(stored)) {
                items.add(stored);
            }
            return true;
        }

        Listing<T> listing(long revision, long count) {
            if (!more) {
                return new Listing<>(items, revision, "", 0);
            }
            String next = new ContinueToken(revision, items.getLast().key().substring(selection.prefix().length()) + "\0").encode();
            return new Listing<>(items, revision, next, selection.everything() ? count - items.size() : -1);
        }
    }

    /// A revision as clients write it. When it is none, that is refused with 400 for a list, and with 500 (as upstream) for all else.
    public static long parse(String resourceVersion, int code) {
        if (resourceVersion.isEmpty()) {
            return 0;
        }
        try {
            long revision = Long.parseUnsignedLong(resourceVersion);
            if (resourceVersion.charAt(0) != '+') {
                return revision < 0 ? Long.MAX_VALUE : revision; // of 64 bits without a sign: farther ahead than any
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        boolean number = resourceVersion.chars().allMatch(c -> c >= '0' && c <= '9');
        String why = "resourceVersion: Invalid value: \"" + resourceVersion + "\": strconv.ParseUint: parsing \"" + resourceVersion + "\": " + (number ? "value out of range" : "invalid syntax");
        throw code == 400 ? Refusal.badRequest("invalid resource version: " + why) : new Refusal(code, "", why, Refusal.Details.NONE);
    }

    /// Waits a while for a revision that lies in the future; refuses with 504 when it does not come.
    public void awaitRevision(long revision) {
        try {
            if (!engine.tables().await(revision, WAIT_FOR_FUTURE)) {
                throw tooLarge(revision);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.timeout("the request was given up while it waited for revision " + revision, 1);
        }
    }

    private Refusal tooLarge(long revision) {
        String message = "Too large resource version";
        Refusal refusal = Refusal.timeout(message + ": " + revision + ", current: " + engine.tables().revision(), 1);
        return refusal.with(refusal.details().withCauses(List.of(new Refusal.Cause("ResourceVersionTooLarge", message, ""))));
    }

    /// Waits until whatever anybody had written when this was called is known.
    public void awaitNewest() {
        engine.awaitNewest();
    }

    /// Refuses combinations of options that mean nothing.
    public static void check(ListRequest request, boolean watch) {
        FieldErrors errors = new FieldErrors();
        FieldPath match = FieldPath.of("resourceVersionMatch");
        String value = request.resourceVersionMatch();
        if (watch) {
            checkWatch(request, match, value, errors);
        } else {
            checkList(request, match, value, errors);
        }
        if (!errors.isEmpty()) {
            throw Refusal.invalid("meta.k8s.io", "ListOptions", "", errors.list());
        }
    }

    private static void checkList(ListRequest request, FieldPath match, String value, FieldErrors errors) {
        if (!value.isEmpty()) {
            if (request.resourceVersion().isEmpty()) {
                errors.forbidden(match, "resourceVersionMatch is forbidden unless resourceVersion is provided");
            }
            if (!request.continueToken().isEmpty()) {
                errors.forbidden(match, "resourceVersionMatch is forbidden when continue is provided");
            }
            if (!value.equals("Exact") && !value.equals("NotOlderThan")) {
                errors.notSupportedAsListed(match, value, List.of("Exact", "NotOlderThan", ""));
            }
            if (value.equals("Exact") && request.resourceVersion().equals("0")) {
                errors.forbidden(match, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }
        if (request.sendInitialEvents() != null) {
            errors.forbidden(FieldPath.of("sendInitialEvents"), "sendInitialEvents is forbidden for list");
        }
    }

    private static void checkWatch(ListRequest request, FieldPath match, String value, FieldErrors errors) {
        boolean fromState = request.resourceVersion().isEmpty() || request.resourceVersion().equals("0");
        if (!request.continueToken().isEmpty() && value.isEmpty() && request.sendInitialEvents() == null && fromState) {
            errors.forbidden(match, "resourceVersionMatch is forbidden when continue is provided");
        }
        if (request.sendInitialEvents() != null && !Objects.equals(value, "NotOlderThan")) {
            errors.forbidden(match, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (!value.isEmpty()) {
            if (request.sendInitialEvents() == null) {
                errors.forbidden(match, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            }
            if (!value.equals("NotOlderThan")) {
                errors.notSupported(match, value, List.of("NotOlderThan"));
            }
            if (!request.continueToken().isEmpty()) {
                errors.forbidden(match, "resourceVersionMatch is forbidden when continue is provided");
            }
        }
    }
}
