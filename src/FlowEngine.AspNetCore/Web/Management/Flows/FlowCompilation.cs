using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>Stateless: compiles definitions that requests bring.</summary>
internal static class FlowCompilation
{
    /// <summary>Compiles a definition against what is published.</summary>
    /// <param name="definition">The flow file's JSON.</param>
    /// <param name="file">How its problems name it; null for not at all.</param>
    /// <param name="catalogue">What is published.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The plan, null where there are errors; and all problems.</returns>
    public static (FlowPlan? Plan, IReadOnlyList<Diagnostic> Diagnostics) Compile(
        FlowValue definition,
        string? file,
        FlowCatalogue catalogue,
        CancellationToken cancellationToken
    )
    {
        var problems = new DiagnosticBag();
        if (FlowReader.Read(definition, file, problems) is not { } flow)
            return (null, problems.Items);
        var result = catalogue.Compile(flow, cancellationToken: cancellationToken);
        problems.AddRange(result.Diagnostics);
        return (problems.HasErrors ? null : result.Plan, problems.Items);
    }

    /// <summary>Compiles a definition that has to be right.</summary>
    /// <exception cref="ApiException">It has errors.</exception>
    public static (FlowPlan Plan, IReadOnlyList<Diagnostic> Warnings) CompileOrRefuse(
        FlowValue definition,
        FlowCatalogue catalogue,
        CancellationToken cancellationToken
    )
    {
        var (plan, diagnostics) = Compile(definition, null, catalogue, cancellationToken);
        return plan is null ? throw Invalid(diagnostics) : (plan, diagnostics);
    }

    /// <summary>The refusal of a definition with errors.</summary>
    public static ApiException Invalid(IEnumerable<Diagnostic> diagnostics) =>
        new(StatusCodes.Status422UnprocessableEntity, ApiErrors.Invalid)
        {
            Members = new ProblemMembers { Diagnostics = FileProblem.Of(diagnostics) },
        };
}
