using System.Diagnostics.CodeAnalysis;

namespace SessionReplay;

/// <summary>Declares in an assembly which adapter it holds, so that configuration can choose it by name.</summary>
/// <param name="kind">What it provides.</param>
/// <param name="name">Its name in the configuration, for instance <c>S3</c>.</param>
/// <param name="adapterType">A type that implements <see cref="ISessionReplayAdapter"/> and has a parameterless constructor.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class SessionReplayAdapterAttribute(
    AdapterKind kind, string name,
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type adapterType)
        : Attribute
{
    /// <summary>Gets what it provides.</summary>
    public AdapterKind Kind { get; } = kind;

    /// <summary>Gets its name in the configuration.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the type that registers it.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type AdapterType { get; } = adapterType;
}
