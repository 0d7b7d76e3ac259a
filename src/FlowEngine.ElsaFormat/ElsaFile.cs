using FlowEngine.Model;

namespace FlowEngine.ElsaFormat;

/// <summary>Stateless: how Elsa's files are told from others.</summary>
public static class ElsaFile
{
    /// <summary>An Elsa 3 workflow definition.</summary>
    public static FileKind Kind { get; } = new("an Elsa 3 workflow definition", "workflow definitions", "root");
}
