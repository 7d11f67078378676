package io.j8s.apiserver.resource;

import java.util.List;

/// What the names of a kind's objects must look like.
@FunctionalInterface
public interface NameRule {

    /// What is wrong with the name, each in a sentence; empty when nothing is.
    List<String> problems(String name);

    /// Lower-case letters, digits, `-` and `.`; at most 253 (RFC 1123).
    NameRule DNS_SUBDOMAIN = Names::dnsSubdomain;

    /// Lower-case letters, digits and `-`; at most 63 (RFC 1123).
    NameRule DNS_LABEL = Names::dnsLabel;

    /// As [#DNS_LABEL], and the first is a letter (RFC 1035).
    NameRule DNS_LABEL_1035 = Names::dnsLabel1035;

    /// Anything that can be one segment of a path.
    NameRule PATH_SEGMENT = Names::pathSegment;
}
