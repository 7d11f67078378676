package io.j8s.network.dns;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Turns queries into answers: from the zone when the name is ours, else from the forwarder. No sockets; may be called from any thread.
final class Responder {

    /// Answers for names outside the cluster's domain.
    @FunctionalInterface
    interface Elsewhere {
        /// The answer to a query; null when nobody could be asked. May block.
        @Nullable Message ask(Message query) throws InterruptedException;
    }

    private final ClusterZone zone;
    private final Elsewhere elsewhere;

    Responder(ClusterZone zone, Elsewhere elsewhere) {
        this.zone = zone;
        this.elsewhere = elsewhere;
    }

    /// Whether the answer comes from the zone alone, so that [#answer] will not block.
    boolean isOurs(Message query) {
        Record question = query.getQuestion();
        return question == null || (question.getName().subdomain(zone.domain()) && !aliasOutside(question));
    }

    private boolean aliasOutside(Record question) {
        return zone.lookup(question.getName(), question.getType()) instanceof ClusterZone.Found.Records found
                && found.answers().getFirst() instanceof CNAMERecord
                && question.getType() != Type.CNAME;
    }

    /// The answer to a query.
    Message answer(Message query) throws InterruptedException {
        Record question = query.getQuestion();
        if (query.getHeader().getOpcode() != Opcode.QUERY) {
            return failure(query, Rcode.NOTIMP);
        }
        if (question == null || query.getHeader().getCount(Section.QUESTION) != 1) {
            return failure(query, Rcode.FORMERR);
        }
        if (question.getDClass() != DClass.IN && question.getDClass() != DClass.ANY) {
            return failure(query, Rcode.REFUSED);
        }
        return switch (zone.lookup(question.getName(), question.getType())) {
            case ClusterZone.Found.Records found -> found(query, question, found);
            case ClusterZone.Found.NoData none -> negative(query, Rcode.NOERROR);
            case ClusterZone.Found.NoSuchName none -> negative(query, Rcode.NXDOMAIN);
            case ClusterZone.Found.NotOurs other -> forwarded(query);
        };
    }

    private Message found(Message query, Record question, ClusterZone.Found.Records found) throws InterruptedException {
        Message answer = reply(query, Rcode.NOERROR);
        found.answers().forEach(record -> answer.addRecord(record, Section.ANSWER));
        found.additional().forEach(record -> answer.addRecord(record, Section.ADDITIONAL));
        if (found.answers().getFirst() instanceof CNAMERecord alias && question.getType() != Type.CNAME) {
            follow(answer, alias.getTarget(), question.getType());
        }
        return answer;
    }

    /// An external name is answered together with its addresses, as far as they can be found.
    private void follow(Message answer, Name target, int type) throws InterruptedException {
        List<Record> records = switch (zone.lookup(target, type)) {
            case ClusterZone.Found.Records found -> found.answers();
            case ClusterZone.Found.NotOurs other -> {
                Message more = elsewhere.ask(Message.newQuery(Record.newRecord(target, type, DClass.IN)));
                yield more == null ? List.of() : more.getSection(Section.ANSWER);
            }
            case ClusterZone.Found.NoData none -> List.of();
            case ClusterZone.Found.NoSuchName none -> List.of();
        };
        records.forEach(record -> answer.addRecord(record, Section.ANSWER));
    }

    private Message forwarded(Message query) throws InterruptedException {
        Message answer = elsewhere.ask(query);
        if (answer == null) {
            return failure(query, Rcode.SERVFAIL);
        }
        Message copy = answer.clone();
        copy.getHeader().setID(query.getHeader().getID());
        return copy;
    }

    private Message negative(Message query, int code) {
        Message answer = reply(query, code);
        Name domain = zone.domain();
        Name server = prefixed("ns.dns", domain);
        Name mailbox = prefixed("hostmaster", domain);
        answer.addRecord(new SOARecord(domain, DClass.IN, ClusterZone.TTL_SECONDS, server, mailbox, 1, 7200, 1800, 86400, ClusterZone.TTL_SECONDS), Section.AUTHORITY);
        return answer;
    }

    private static Name prefixed(String labels, Name domain) {
        try {
            return Name.concatenate(Name.fromString(labels), domain);
        } catch (IOException e) {
            return domain;
        }
    }

    /// An answer that only carries a code.
    static Message failure(Message query, int code) {
        Message answer = reply(query, code);
        answer.getHeader().unsetFlag(Flags.AA);
        return answer;
    }

    private static Message reply(Message query, int code) {
        Message answer = new Message(query.getHeader().getID());
        Header header = answer.getHeader();
        header.setFlag(Flags.QR);
        header.setFlag(Flags.AA);
        header.setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            header.setFlag(Flags.RD);
        }
        header.setRcode(code);
        Record question = query.getQuestion();
        if (question != null) {
            answer.addRecord(question, Section.QUESTION);
        }
        if (query.getOPT() != null) {
            answer.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        }
        return answer;
    }
}
