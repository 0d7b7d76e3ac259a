using FlowEngine.Compilation;
using FlowEngine.Errors;

namespace FlowEngine.Tests.Compilation;

public sealed class FlowCompilerCorpusTests
{
    public static TheoryData<string> Names => Corpus.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Compile_FlowOfTheCorpus_HasNoError(string name)
    {
        var result = FlowCompiler.Compile(Corpus.Flows[name], Corpus.Environment);
        Assert.DoesNotContain(result.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        Assert.NotNull(result.Plan);
    }
}
