package io.j8s.apiserver.admission;

import io.j8s.model.Struct;

/// One rule of a cluster about writes. A plugin changes objects ([#mutate]), refuses them ([#validate]), or both; it refuses by throwing a
/// [io.j8s.apiserver.status.Refusal]. What it takes from a budget meanwhile (quota) it enters in [AdmissionRequest#reservations]. Called by many threads at once; may block only if it asks someone else (webhooks).
public interface AdmissionPlugin {

    /// As in `--enable-admission-plugins`.
    String name();

    /// Whether it has anything to do with such a request; asked before each of the other methods.
    boolean handles(AdmissionRequest request);

    /// The object as it is to be (the request's own when nothing is to be changed). Runs before defaults of the strategy and validation; not for deletions.
    default Struct mutate(AdmissionRequest request, Struct object) {
        return object;
    }

    /// Runs when the object is final, just before it is stored, or before it is deleted.
    default void validate(AdmissionRequest request) {}
}
