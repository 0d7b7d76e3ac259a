using FlowEngine.Connectors;

namespace FlowEngine.Settings;

/// <summary>Settings of which one may be a secret; see <see cref="SettingAttribute.SecretWhen"/>.</summary>
public interface IHoldsSecret
{
    /// <summary>Takes the secret that stands in the place of that setting.</summary>
    void Hold(Secret secret);
}
