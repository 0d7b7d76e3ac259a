using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Set while a program starts, then read only: the section <c>Cors</c>.</summary>
public sealed record CrossOriginOptions : ICheckedSettings
{
    /// <summary>The origins whose pages may call the API. Default none.</summary>
    [Setting("The origins whose pages may call the API, such as `https://app.example.com`.")]
    public IReadOnlyList<string> Origins { get; set; } = [];

    /// <inheritdoc/>
    void ICheckedSettings.Check(SourceLocation at, DiagnosticBag problems) => Origin.Check(Origins, at.At("origins"), problems);
}
