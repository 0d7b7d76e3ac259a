using System.Globalization;
using FlowEngine.AspNetCore.Runs.Calls;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Calls;

/// <summary>Stateless: calls that wait to be delivered, or were given up. What is in them is told to nobody.</summary>
internal static class CallEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapCalls(this IEndpointRouteBuilder api)
    {
        api.MapGet("/calls", ListAsync).RequireRole(Role.Viewer);
        api.MapPost("/calls/{id}/retry", RetryAsync).RequireRole(Role.Designer);
        api.MapDelete("/calls/{id}", RemoveAsync).RequireRole(Role.Designer);
    }

    private static async Task ListAsync(HttpContext http, CallStore calls)
    {
        var limit = ApiQuery.Limit(http);
        bool? isDead = ApiQuery.Text(http, "status") switch
        {
            null => null,
            "queued" => false,
            "dead" => true,
            _ => throw ApiQuery.Wrong("status", "queued or dead"),
        };
        var before = ApiQuery.Text(http, "cursor") is { } cursor
            ? Read(cursor) ?? throw ApiQuery.Wrong("cursor", "the 'next' of a page before")
            : ((long, string)?)null;
        var rows = await calls.ListAsync(ApiQuery.Text(http, "connector"), isDead, before, limit + 1, http.RequestAborted);
        var next =
            rows.Count > limit
                ? string.Create(CultureInfo.InvariantCulture, $"{rows[limit - 1].CreatedAt.Milliseconds}.{rows[limit - 1].Id}")
                : null;
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(("calls", ApiJson.Array(rows.Take(limit).Select(View))), ("next", ApiJson.Text(next)))
        );
    }

    private static async Task RetryAsync(HttpContext http, string id, Caller caller, CallStore calls, CallQueue queue, AuditLog audit)
    {
        if (!await calls.RetryAsync(id, http.RequestAborted))
            throw new ApiException(StatusCodes.Status404NotFound, CallErrors.Gone);
        await audit.WriteAsync(caller.Name, AuditAction.CallRetry, $"call:{id}", null, http.RequestAborted);
        queue.Ring();
        await ApiAnswer.DoneAsync(http);
    }

    private static async Task RemoveAsync(HttpContext http, string id, Caller caller, CallStore calls, AuditLog audit)
    {
        if (!await calls.RemoveAsync(id, http.RequestAborted))
            throw new ApiException(StatusCodes.Status404NotFound, CallErrors.Gone);
        await audit.WriteAsync(caller.Name, AuditAction.CallRemove, $"call:{id}", null, http.RequestAborted);
        await ApiAnswer.DoneAsync(http);
    }

    private static FlowValue View(StoredCallSummary call) =>
        ApiJson.Object(
            ("id", FlowValue.From(call.Id)),
            ("status", FlowValue.From(call.DeadAt is null ? "queued" : "dead")),
            ("connector", FlowValue.From(call.Connector)),
            ("flow", FlowValue.From(call.FlowId)),
            ("activity", FlowValue.From(call.Activity)),
            ("run", call.RunNumber is { } number ? FlowValue.From(number) : FlowValue.Null),
            ("size", FlowValue.From(call.Size)),
            ("deliveries", FlowValue.From(call.Attempts)),
            (
                "error",
                call.ErrorCode is null
                    ? FlowValue.Null
                    : ApiJson.Object(("code", FlowValue.From(call.ErrorCode)), ("message", ApiJson.Text(call.ErrorMessage)))
            ),
            ("createdAt", ApiJson.Time(call.CreatedAt)),
            ("dueAt", call.DeadAt is null ? ApiJson.Time(call.DueAt) : FlowValue.Null)
        );

    private static (long, string)? Read(string cursor)
    {
        var dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && long.TryParse(cursor.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? (time, cursor[(dot + 1)..])
            : null;
    }
}
