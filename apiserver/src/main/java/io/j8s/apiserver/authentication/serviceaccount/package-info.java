/// Tokens of service accounts: the keys of the server, checking tokens against the accounts and the objects they are bound to, issuing them (TokenRequest), and the
/// documents by which others can check them (OpenID Connect discovery).
@NullMarked
package io.j8s.apiserver.authentication.serviceaccount;

import org.jspecify.annotations.NullMarked;
