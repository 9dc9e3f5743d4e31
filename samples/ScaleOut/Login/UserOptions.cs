namespace SessionReplay.ScaleOut.Login;

/// <summary>Somebody who may use the replay console; section <c>Users:{n}</c>.</summary>
internal sealed class UserOptions
{
    /// <summary>Gets or sets the name, without a colon.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>Gets or sets the password: from a secret of the platform, never from a file that is checked in.</summary>
    /// <value>At least 12 characters.</value>
    public string Password { get; set; } = string.Empty;

    /// <summary>Gets what the user may do: <c>view</c>, <c>delete</c>, <c>audit</c>, <c>operate</c>.</summary>
    public IList<string> Roles { get; } = [];
}
