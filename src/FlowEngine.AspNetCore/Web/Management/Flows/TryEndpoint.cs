using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Testing;
using Microsoft.AspNetCore.DataProtection;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>Stateless: <c>/api/flows/try</c>: runs a definition that need not be published.</summary>
internal static class TryEndpoint
{
    /// <summary>How long one advance may take; connectors have limits of their own below that.</summary>
    private static readonly TimeSpan LongestAdvance = TimeSpan.FromMinutes(5);

    /// <summary>Maps it.</summary>
    public static void MapTry(this IEndpointRouteBuilder api) => api.MapPost("/flows/try", TryAsync).RequireRole(Role.Designer);

    private static async Task TryAsync(
        HttpContext http,
        Caller caller,
        FlowCatalogue catalogue,
        ConnectorSet connectors,
        IDataProtectionProvider protection,
        TimeProvider time
    )
    {
        var body = await ApiBody.ReadLargeAsync(http);
        var definition = FlowValue.From(ApiBody.RequiredMembers(body, "definition"));
        var client = FlowValue.From(ApiBody.Members(body, "client"));
        var replies = body.Get("replies").IsNothing ? FlowValue.Missing : FlowValue.From(ApiBody.Members(body, "replies"));
        var problems = new DiagnosticBag();
        var answers = ScreenAnswer.ReadAll(
            body.Get("answers") is { IsNothing: false } given ? given : FlowValue.Missing,
            SourceLocation.Root(null).At("answers"),
            problems
        );
        if (problems.HasErrors)
            throw FlowCompilation.Invalid(problems.Items);

        var (plan, _) = FlowCompilation.CompileOrRefuse(definition, catalogue, http.RequestAborted);
        // What one person began nobody else goes on with.
        var protector = protection.CreateProtector("FlowEngine.Console", "try", caller.Name).ToTimeLimitedDataProtector();
        var attempt = body.Get("continue").TryGetText(out var text)
            ? FlowTry.Continue(plan, text, replies, protector)
                ?? throw new ApiException(StatusCodes.Status409Conflict, ManagementErrors.TryOver)
            : FlowTry.Begin(plan, client, replies);

        using var limit = new CancellationTokenSource(LongestAdvance, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, http.RequestAborted);
        var refusal = await attempt.AdvanceAsync(answers, stop.Token);
        await ApiAnswer.WriteAsync(http, attempt.Describe(refusal, connectors.SecretsOf(plan.Connectors), protector));
    }
}
