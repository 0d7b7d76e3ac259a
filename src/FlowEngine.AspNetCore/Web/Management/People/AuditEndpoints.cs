using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.People;

/// <summary>What of the audit log to list.</summary>
/// <param name="Subject">What it is about, such as <c>flow:login</c>.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Before">Only entries of lower numbers: the <c>next</c> of the page before.</param>
/// <param name="Limit">How many.</param>
internal sealed record AuditQuery(string? Subject, string? Actor, long? Before, PageSize Limit) : IRequestQuery<AuditQuery>;

/// <summary>Who did what to what.</summary>
/// <param name="Number">Grows with each entry.</param>
/// <param name="At">When.</param>
/// <param name="Actor">A person's name, <c>management key</c> or <c>command line</c>.</param>
/// <param name="Action">What they did, such as <c>flow.publish</c>.</param>
/// <param name="Subject">To what, such as <c>flow:login</c>.</param>
/// <param name="Detail">More about it, by action; null for nothing.</param>
[SchemaName("AuditEntry")]
internal sealed record AuditEntryView(long Number, UnixTime At, string Actor, string Action, string Subject, FlowValue Detail);

/// <summary>Entries of the audit log, the newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">The <c>before</c> of the next page; null at the end.</param>
internal sealed record AuditPage(IReadOnlyList<AuditEntryView> Entries, long? Next);

/// <summary>Stateless: <c>/api/audit</c>: who changed what.</summary>
internal static class AuditEndpoints
{
    /// <summary>Lists entries.</summary>
    public static async Task<AuditPage> ListAsync(AuditQuery query, AuditLog audit, CancellationToken cancellationToken)
    {
        var found = await audit.ListAsync(query.Subject, query.Actor, query.Before, query.Limit.Count + 1, cancellationToken);
        var page = found.Take(query.Limit.Count).ToList();
        return new AuditPage(
            [
                .. page.Select(entry => new AuditEntryView(
                    entry.Number,
                    entry.At,
                    entry.Actor,
                    entry.Action,
                    entry.Subject,
                    entry.Detail is null ? FlowValue.Null : JsonReading.Parse(entry.Detail)
                )),
            ],
            found.Count > query.Limit.Count ? page[^1].Number : null
        );
    }
}
