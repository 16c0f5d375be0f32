// Plantilla de despliegue: tablas y cubetas. Nada se reemplaza sin copia de seguridad.
pipeline {
    agent { label 'aws' }
    parameters {
        choice(name: 'ENVIRONMENT', choices: ['dev', 'qa', 'prod'], description: 'Ambiente')
        string(name: 'VERSION', description: 'Versión')
        string(name: 'PROMOTION_ID', defaultValue: '', description: 'Promoción de Interlock')
        string(name: 'MANIFEST_SHA256', defaultValue: '', description: 'Contenido aprobado')
        string(name: 'ATTEMPT', defaultValue: '1', description: 'Intento de la promoción')
    }
    environment { SERVICE = "${env.JOB_BASE_NAME.replaceFirst('deploy-', '')}" }
    stages {
        stage('Checkout') {
            steps { checkout scmGit(branches: [[name: "refs/tags/${SERVICE}/v${params.VERSION}"]]) }
        }
        stage('Backup') {
            steps { sh 'aws backup start-backup-job --backup-vault-name "$SERVICE-$ENVIRONMENT"' }
        }
        stage('Change set') {
            steps { sh './bin/change-set "$SERVICE" "variables/$ENVIRONMENT"' }
        }
        stage('Confirm') {
            when { expression { params.ENVIRONMENT != 'dev' } }
            input { message '¿Ejecutar el conjunto de cambios?'; submitter 'a.ruiz,l.prado' }
            steps { echo 'Confirmado' }
        }
        stage('Execute') {
            steps { sh './bin/execute "$SERVICE"' }
        }
    }
}
