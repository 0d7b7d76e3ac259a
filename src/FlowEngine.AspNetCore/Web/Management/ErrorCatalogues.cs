using FlowEngine.AspNetCore.Engine.Extensions;
using FlowEngine.AspNetCore.Runs.Calls;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Database;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.HttpConnector;
using FlowEngine.Screens;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management;

/// <summary>Shared and immutable: every code of a server, by the part that it is of. For documentation and for advice, not for the run
/// path.</summary>
internal static class ErrorCatalogues
{
    /// <summary>The parts, as <c>docs/errors.md</c> lists them.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<ErrorCode> Codes)> All { get; } =
    [
        ("The engine", FlowErrors.All),
        ("Inputs of screens", InputErrors.All),
        ("Elsa's files", ElsaErrors.All),
        ("The HTTP connector", HttpErrors.All),
        ("The Database connector", DatabaseErrors.All),
        ("The storage", StorageErrors.All),
        ("Extensions", ExtensionErrors.All),
        ("Refresh tokens", TokenErrors.All),
        ("Calls to be delivered", CallErrors.All),
        ("Hosted logins", LoginErrors.All),
        ("The HTTP API", ApiErrors.All),
        ("Management", ManagementErrors.All),
        ("The console's people", ConsoleErrors.All),
    ];

    private static readonly Dictionary<string, string> Advice = All.SelectMany(part => part.Codes)
        .ToDictionary(code => code.Code, code => code.Advice, StringComparer.Ordinal);

    /// <summary>What to do about each code, by code.</summary>
    public static IReadOnlyDictionary<string, string> AdviceByCode => Advice;
}
