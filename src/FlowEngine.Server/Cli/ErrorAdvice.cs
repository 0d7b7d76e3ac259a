using FlowEngine.AspNetCore.Web.Management;
using FlowEngine.Errors;
using FlowEngine.Server.Hosting;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: what to do about a code. For the moment when something failed, not for the run path.</summary>
internal static class ErrorAdvice
{
    /// <summary>A message with what to do; many messages say that already.</summary>
    public static string Beside(string code, string message) =>
        For(code) is { Length: > 0 } advice && !message.Contains(advice, StringComparison.Ordinal) ? $"{message} {advice}" : message;

    /// <summary>The advice, or "" for a code that is in no catalogue.</summary>
    public static string For(string code) =>
        ErrorCatalogues.AdviceByCode.GetValueOrDefault(code)
        ?? ErrorCatalogue.Of(typeof(CliErrors)).FirstOrDefault(item => item.Code == code)?.Advice
        ?? "";
}
