using FlowEngine.Errors;

namespace FlowEngine.Settings;

/// <summary>A settings class with more to check than its attributes say.</summary>
public interface ICheckedSettings
{
    /// <summary>Checks its values, however they were set.</summary>
    /// <param name="at">Where the settings stand.</param>
    /// <param name="problems">Where problems go.</param>
    void Check(SourceLocation at, DiagnosticBag problems);
}
