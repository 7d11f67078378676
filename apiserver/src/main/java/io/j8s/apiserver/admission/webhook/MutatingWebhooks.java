package io.j8s.apiserver.admission.webhook;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.admission.policy.Matching;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.model.Struct;
import io.j8s.model.admissionregistration.v1.MutatingWebhook;
import io.j8s.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.j8s.model.patch.PatchException;
import io.j8s.model.patch.Patches;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Changes objects as mutating webhooks ask for (plugin `MutatingAdmissionWebhook`), in the order of their configurations' names. Those that want to are asked a second time
/// when another one changed the object after them.
public final class MutatingWebhooks implements AdmissionPlugin {

    private final HookReview review;

    public MutatingWebhooks(HookReview review) {
        this.review = review;
    }

    @Override
    public String name() {
        return "MutatingAdmissionWebhook";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.operation() != Operation.DELETE
                && Matching.possible(request)
                && request.state().any(MutatingWebhookConfiguration.RESOURCE, "", configuration -> true);
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        List<Hook> hooks = new ArrayList<>();
        for (MutatingWebhookConfiguration configuration : request.state().list(MutatingWebhookConfiguration.RESOURCE, "")) {
            for (MutatingWebhook one : configuration.webhooks()) {
                hooks.add(Hook.of(one));
            }
        }
        Struct current = object;
        int lastChange = -1;
        for (int i = 0; i < hooks.size(); i++) {
            Struct changed = asked(hooks.get(i), request.withObject(current), current);
            lastChange = changed.equals(current) ? lastChange : i;
            current = changed;
        }
        for (int i = 0; i < lastChange; i++) {
            current = hooks.get(i).again() ? asked(hooks.get(i), request.withObject(current), current) : current;
        }
        return current;
    }

    private Struct asked(Hook hook, AdmissionRequest request, Struct object) {
        ApiResource<?> version = hook.concerns(request);
        String patch = version == null ? "" : review.ask(hook, request, version);
        if (version == null || patch.isEmpty()) {
            return object;
        }
        Struct seen = Matching.in(request, version, object);
        if (seen == null) {
            return object;
        }
        byte[] operations;
        try {
            operations = Base64.getDecoder().decode(patch);
            Json.readPlain(operations);
        } catch (IllegalArgumentException e) {
            return review.failed(hook, request, new HookException("received undecodable patch in webhook response: " + e.getMessage()), object);
        }
        try {
            return Matching.back(request, version, Patches.json(seen, operations, finding -> {}));
        } catch (PatchException | IllegalArgumentException e) {
            throw Refusal.internal("Internal error occurred: " + e.getMessage());
        }
    }
}
