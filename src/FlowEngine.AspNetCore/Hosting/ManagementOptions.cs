using FlowEngine.Errors;
using FlowEngine.Settings;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>Set while a program starts, then read only: the section <c>Management</c>.</summary>
public sealed record ManagementOptions : ICheckedSettings
{
    /// <summary>The management key, at least 32 characters. Default null: one is made at the first start, and written to
    /// <c>management.key</c> of the data folder.</summary>
    [Setting(
        "The management key, at least 32 characters. The one that is made stands in `management.key` of the data folder.",
        Otherwise = "made at the first start"
    )]
    public string? Key { get; set; }

    /// <inheritdoc/>
    void ICheckedSettings.Check(SourceLocation at, DiagnosticBag problems)
    {
        if (Key is { } key && key.Length < ManagementKey.MinimumLength)
            problems.Error(
                FlowErrors.Value,
                at.At("key"),
                $"It has {key.Length} characters.",
                $"It needs at least {ManagementKey.MinimumLength}."
            );
    }
}
