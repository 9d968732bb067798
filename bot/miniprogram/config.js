// The only place with the server's address. It has to stand in the platform's list of allowed
// domains: as a request, socket, uploadFile and downloadFile domain.
module.exports = {
  SERVER: 'https://12345.example.gov.cn',
}
