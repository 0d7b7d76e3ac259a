namespace FlowEngine.Tests;

/// <summary>Tests that measure time or fill the processor: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
