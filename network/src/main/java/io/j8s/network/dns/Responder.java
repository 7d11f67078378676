package io.j8s.network.dns;

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

    static final int LARGEST_UDP_SIZE = 1232;
    private static final int LONGEST_CHAIN = 8;
    private final ClusterZone zone;
    private final Elsewhere elsewhere;

    Responder(ClusterZone zone, Elsewhere elsewhere) {
        this.zone = zone;
        this.elsewhere = elsewhere;
    }

    /// Whether the answer comes from the zone alone, so that [#answer] will not block. An alias may lead anywhere.
    boolean isOurs(Message query) {
        Record question = query.getQuestion();
        return question == null || (question.getName().subdomain(zone.domain()) && !isAlias(zone.lookup(question.getName(), question.getType()), question.getType()));
    }

    private static boolean isAlias(ClusterZone.Found found, int type) {
        return type != Type.CNAME && found instanceof ClusterZone.Found.Records records && records.answers().getFirst() instanceof CNAMERecord;
    }

    /// The answer to a query.
    Message answer(Message query) throws InterruptedException {
        Record question = query.getQuestion();
        if (query.getHeader().getOpcode() != Opcode.QUERY) {
            return failure(query, Rcode.NOTIMP);
        }
        OPTRecord options = query.getOPT();
        if (options != null && options.getVersion() != 0) {
            return failure(query, Rcode.BADVERS);
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

    /// An external name is answered together with what it leads to, as far as that can be found; a chain of them link by link.
    private void follow(Message answer, Name first, int type) throws InterruptedException {
        Name target = first;
        for (int links = 0; links < LONGEST_CHAIN; links++) {
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
            if (records.size() != 1 || !(records.getFirst() instanceof CNAMERecord next)) {
                return;
            }
            target = next.getTarget();
        }
    }

    /// What others said, under this query's own id, question and options.
    private Message forwarded(Message query) throws InterruptedException {
        Message said = elsewhere.ask(query);
        if (said == null) {
            return failure(query, Rcode.SERVFAIL);
        }
        Message answer = reply(query, said.getRcode());
        if (!said.getHeader().getFlag(Flags.AA)) {
            answer.getHeader().unsetFlag(Flags.AA);
        }
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL}) {
            said.getSection(section).stream().filter(record -> record.getType() != Type.OPT).forEach(record -> answer.addRecord(record, section));
        }
        return answer;
    }

    private Message negative(Message query, int code) {
        Message answer = reply(query, code);
        answer.addRecord(zone.authority(), Section.AUTHORITY);
        return answer;
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
        header.setRcode(code & 0xf);
        Record question = query.getQuestion();
        if (question != null) {
            answer.addRecord(question, Section.QUESTION);
        }
        if (query.getOPT() != null) {
            answer.addRecord(new OPTRecord(LARGEST_UDP_SIZE, code >> 4, 0), Section.ADDITIONAL); // the upper bits of the code go there (RFC 6891)
        }
        return answer;
    }
}
