/// Users by JSON Web Tokens of other issuers (OpenID Connect): the flags `--oidc-*`, or an AuthenticationConfiguration file (apiserver.config.k8s.io, KEP-3331).
@NullMarked
package io.j8s.apiserver.authentication.oidc;

import org.jspecify.annotations.NullMarked;
