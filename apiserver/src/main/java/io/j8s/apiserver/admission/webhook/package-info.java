/// Admission by webhooks: ValidatingWebhookConfiguration and MutatingWebhookConfiguration, asked with AdmissionReviews (`admission.k8s.io/v1`).
@NullMarked
package io.j8s.apiserver.admission.webhook;

import org.jspecify.annotations.NullMarked;
