using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace SessionReplay.ScaleOut.Login;

/// <summary>
/// The users whom the configuration names. Passwords are kept as keyed hashes of equal length, so that comparing them takes the same time
/// for any.
/// </summary>
internal sealed class ConfiguredUsers(IOptions<List<UserOptions>> options)
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private Dictionary<string, (byte[] Hash, string[] Roles)>? _users;

    /// <summary>Gives the user's roles.</summary>
    /// <returns><see langword="null"/> when there is no such user, or the password is another.</returns>
    public IReadOnlyList<string>? Check(string name, string password)
    {
        _users ??= options.Value.ToDictionary(
            user => user.Name, user => (Hash(user.Password), user.Roles.ToArray()), StringComparer.Ordinal);
        var known = _users.TryGetValue(name, out var user);
        var same = CryptographicOperations.FixedTimeEquals(Hash(password), known ? user.Hash : _key);
        return known && same ? user.Roles : null;
    }

    private byte[] Hash(string password) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(password));
}
