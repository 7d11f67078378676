/// Users whom another server tells by their tokens (`--authentication-token-webhook-config-file`).
@NullMarked
package io.j8s.apiserver.authentication.webhook;

import org.jspecify.annotations.NullMarked;
