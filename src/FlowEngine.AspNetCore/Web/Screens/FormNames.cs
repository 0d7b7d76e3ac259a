namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>The form fields of the page itself. Their dot keeps them apart
/// from a flow's inputs, whose names have none. Stateless.</summary>
internal static class FormNames
{
    public const string Step = "fe.step";
    public const string Token = "fe.token";
    public const string Interaction = "fe.do";
}
