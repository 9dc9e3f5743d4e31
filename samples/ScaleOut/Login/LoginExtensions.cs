using Microsoft.AspNetCore.Authentication;

namespace SessionReplay.ScaleOut.Login;

/// <summary>Adds the users of section <c>Users</c>, and for each of their roles a policy of the same name.</summary>
internal static class LoginExtensions
{
    private static readonly string[] Roles = ["view", "delete", "audit", "operate"];

    public static void AddConfiguredUsers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<List<UserOptions>>()
            .Bind(configuration.GetSection("Users"))
            .Validate(
                users => users.All(user => user.Name.Length > 0 && !user.Name.Contains(':') && user.Password.Length >= 12),
                "'Users' holds a user without a name, with a colon in it, or with a password of fewer than 12 characters.")
            .Validate(
                users => users.Select(user => user.Name).Distinct(StringComparer.Ordinal).Count() == users.Count,
                "'Users' holds the same name twice.")
            .Validate(
                users => users.SelectMany(user => user.Roles).All(Roles.Contains),
                $"'Users' holds an unknown role; known are {string.Join(", ", Roles)}.")
            .ValidateOnStart();
        services.AddSingleton<ConfiguredUsers>();
        services.AddAuthentication(BasicHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BasicHandler>(BasicHandler.SchemeName, null);
        var authorization = services.AddAuthorizationBuilder();
        foreach (var role in Roles)
        {
            authorization.AddPolicy(role, policy => policy.RequireRole(role));
        }
    }

    /// <summary>
    /// Lets the browser ask for the password when the console is opened; the data behind it has its own policies. In Development there are
    /// none.
    /// </summary>
    public static void AskForUser(this IEndpointConventionBuilder console, IConfiguration configuration)
    {
        if (configuration["SessionReplay:Playback:ViewPolicy"] is { Length: > 0 } policy)
        {
            console.RequireAuthorization(policy);
        }
    }
}
